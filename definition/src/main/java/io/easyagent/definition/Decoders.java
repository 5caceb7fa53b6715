package io.easyagent.definition;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decoders of single values and of lists and mappings of them. */
final class Decoders {
  private Decoders() {}

  /** Any scalar, as it is written. */
  static Decoder<String> text() {
    return found -> {
      if (!(found.node() instanceof DocumentNode.Scalar scalar)) {
        return found.fault(found.kind() + " (expected: a text)");
      }
      return scalar.text().indexOf('\0') >= 0
          ? found.fault("a text with a NUL character (expected: none)")
          : Optional.of(scalar.text());
    };
  }

  static Decoder<String> text(Pattern pattern, String expected) {
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                pattern.matcher(text).matches()
                    ? Optional.of(text)
                    : unexpected(found, text, expected));
  }

  /** One of the words. */
  static <T> Decoder<T> choice(Map<String, T> words) {
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                words.containsKey(text)
                    ? Optional.of(words.get(text))
                    : notAWord(found, text, words));
  }

  private static <T> Optional<T> notAWord(Found found, String text, Map<String, T> words) {
    return Nearest.find(text, words.keySet())
        .map(nearest -> found.<T>fault(Shown.of(text) + " (did you mean " + nearest + "?)"))
        .orElseGet(() -> unexpected(found, text, "one of " + String.join(", ", words.keySet())));
  }

  static Decoder<Duration> duration(Duration least, Duration most) {
    String expected =
        "a duration from " + DurationText.format(least) + " to " + DurationText.format(most);
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                DurationText.parse(text)
                    .filter(
                        duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0)
                    .or(() -> unexpected(found, text, expected)));
  }

  static Decoder<Long> size(long least, long most) {
    String expected = "a size from " + SizeText.format(least) + " to " + SizeText.format(most);
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                SizeText.parse(text)
                    .filter(size -> size >= least && size <= most)
                    .or(() -> unexpected(found, text, expected)));
  }

  static Decoder<Integer> integer(int least, int most) {
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                number(text)
                    .filter(value -> value.stripTrailingZeros().scale() <= 0)
                    .filter(value -> within(value, least, most))
                    .map(BigDecimal::intValueExact)
                    .or(() -> unexpected(found, text, least + " to " + most)));
  }

  static Decoder<Double> decimal(double least, double most) {
    return found ->
        text()
            .decode(found)
            .flatMap(text ->
                number(text)
                    .filter(value -> within(value, least, most))
                    .map(BigDecimal::doubleValue)
                    .or(() -> unexpected(found, text, least + " to " + most)));
  }

  /** Permission bits, written in octal. */
  static Decoder<Integer> mode() {
    return text(
            Pattern.compile("0?[0-7]{3}"),
            "permissions in octal without special bits, like \"0640\"")
        .then(text -> Integer.parseInt(text, 8));
  }

  static <T> Decoder<List<T>> list(int least, int most, Decoder<T> item) {
    return found -> {
      if (!(found.node() instanceof DocumentNode.Sequence sequence)) {
        return found.fault(found.kind() + " (expected: a list)");
      }
      int size = sequence.items().size();
      if (size < least || size > most) {
        return found.fault(size + " items (expected: " + least + " to " + most + ")");
      }
      List<T> items = new ArrayList<>();
      for (int index = 0; index < size; index++) {
        item.decode(found.at(sequence.items().get(index), index)).ifPresent(items::add);
      }
      return Optional.of(items);
    };
  }

  /** A mapping with free keys, which must fit the pattern. */
  static <T> Decoder<Map<String, T>> mapping(
      int most, Pattern keys, String expectedKey, Decoder<T> value) {
    return found -> {
      if (!(found.node() instanceof DocumentNode.Mapping mapping)) {
        return found.fault(found.kind() + " (expected: a mapping)");
      }
      if (mapping.entries().size() > most) {
        return found.fault(mapping.entries().size() + " entries (expected: at most " + most + ")");
      }
      Map<String, T> values = new LinkedHashMap<>();
      for (DocumentNode.Entry entry : mapping.entries()) {
        Found at = found.at(entry.value(), Shown.of(entry.key()));
        if (!keys.matcher(entry.key()).matches()) {
          at.findings()
              .add(
                  entry.place(),
                  at.path(),
                  "the key " + Shown.of(entry.key()) + " (expected: " + expectedKey + ")");
        } else if (values.containsKey(entry.key())) {
          at.findings().add(entry.place(), at.path(), "the key is given twice");
        } else {
          value.decode(at).ifPresent(decoded -> values.put(entry.key(), decoded));
        }
      }
      return Optional.of(values);
    };
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      // The length is bounded before: an exponent could otherwise ask for gigabytes of digits.
      return text.length() <= 20 && text.matches("-?[0-9]+(\\.[0-9]+)?")
          ? Optional.of(new BigDecimal(text))
          : Optional.empty();
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }

  private static boolean within(BigDecimal value, double least, double most) {
    return value.compareTo(BigDecimal.valueOf(least)) >= 0
        && value.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  private static <T> Optional<T> unexpected(Found found, String text, String expected) {
    return found.fault(
        (text.isEmpty() ? "empty" : Shown.of(text)) + " (expected: " + expected + ")");
  }
}
