package io.easyagent.definition;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How numbers of bytes are written: {@code 512MiB}; the units are B, KiB, MiB, GiB and TiB. */
public final class SizeText {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB|TiB)");
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private SizeText() {}

  /** Empty when the text is not of the form, or too large. */
  public static Optional<Long> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int power = 0;
    while (!UNITS[power].equals(matcher.group(2))) {
      power++;
    }
    try {
      return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power)));
    } catch (ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  /** In the largest unit that gives a whole number. */
  public static String format(long bytes) {
    int power = 0;
    long value = bytes;
    while (value != 0 && value % 1024 == 0 && power < UNITS.length - 1) {
      value /= 1024;
      power++;
    }
    return value + UNITS[power];
  }
}
