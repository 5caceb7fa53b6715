package io.easyagent.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads lines as Debian's crontab(5) documents them; see {@link CronLine}. */
final class CronParser {
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");
  private static final String NICKNAMES_EXPECTED =
      "@hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually";
  private static final int LONGEST = 256;
  private static final int LONGEST_SHOWN = 40;

  /** What the text is refused for; never leaves this class. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  /**
   * @param at where in the line it begins, counted from 1
   */
  private record Word(String text, int at) {}

  private CronParser() {}

  static CronReading read(String text) {
    if (text.length() > LONGEST) {
      return new CronReading.Fault(
          text.length() + " characters (expected: at most " + LONGEST + ")");
    }
    try {
      return new CronReading.Line(line(text));
    } catch (Refusal refusal) {
      return new CronReading.Fault(String.valueOf(refusal.getMessage()));
    }
  }

  private static CronLine line(String text) throws Refusal {
    List<Word> words = words(text);
    if (!words.isEmpty() && words.getFirst().text().startsWith("@")) {
      return nickname(text, words);
    }
    CronField[] fields = CronField.values();
    if (words.size() != fields.length) {
      throw new Refusal(
          (words.isEmpty() ? "empty" : words.size() + " fields in " + shown(text))
              + " (expected: 5, minute hour day-of-month month day-of-week, like 15 2 * * mon-fri,"
              + " or one of "
              + NICKNAMES_EXPECTED
              + ")");
    }
    long[] values = new long[fields.length];
    boolean[] stars = new boolean[fields.length];
    for (CronField field : fields) {
      Word word = words.get(field.ordinal());
      values[field.ordinal()] = field(field, word);
      stars[field.ordinal()] = word.text().startsWith("*");
    }
    CronLine line = new CronLine(values, stars);
    if (!line.everFires()) {
      throw new Refusal(
          "character "
              + words.get(CronField.DAY.ordinal()).at()
              + ", day of month and month: "
              + shown(
                  words.get(CronField.DAY.ordinal()).text()
                      + " "
                      + words.get(CronField.MONTH.ordinal()).text())
              + " never comes (expected: a day that the month has)");
    }
    return line;
  }

  private static CronLine nickname(String text, List<Word> words) throws Refusal {
    String fields = NICKNAMES.get(words.getFirst().text());
    if (fields == null || words.size() != 1) {
      throw new Refusal(
          "character "
              + words.getFirst().at()
              + ": "
              + shown(text.strip())
              + " (expected: "
              + NICKNAMES_EXPECTED
              + ", alone)");
    }
    return line(fields);
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    int begin = -1;
    for (int at = 0; at <= text.length(); at++) {
      boolean blank = at == text.length() || text.charAt(at) == ' ' || text.charAt(at) == '\t';
      if (blank && begin >= 0) {
        words.add(new Word(text.substring(begin, at), begin + 1));
        begin = -1;
      } else if (!blank && begin < 0) {
        begin = at;
      }
    }
    return words;
  }

  /** The values of a list, as bits. */
  private static long field(CronField field, Word word) throws Refusal {
    long values = 0;
    int begin = 0;
    while (begin <= word.text().length()) {
      int comma = word.text().indexOf(',', begin);
      int end = comma < 0 ? word.text().length() : comma;
      values |= item(field, new Word(word.text().substring(begin, end), word.at() + begin));
      begin = end + 1;
    }
    return values;
  }

  /** A value, a range, or a range with a step. */
  private static long item(CronField field, Word item) throws Refusal {
    int slash = item.text().indexOf('/');
    String range = slash < 0 ? item.text() : item.text().substring(0, slash);
    int dash = range.indexOf('-');
    if (slash >= 0 && dash < 0 && !range.equals("*")) {
      throw unexpected(
          field,
          item,
          "a step after * or a range, like */15 or " + field.least() + "-" + field.most() + "/15");
    }
    int first = field.least();
    int last = field.most();
    if (!range.equals("*")) {
      first = value(field, item, dash < 0 ? range : range.substring(0, dash));
      last = dash < 0 ? first : value(field, item, range.substring(dash + 1));
    }
    if (first > last) {
      throw unexpected(field, item, "the smaller value first; Sunday is 0 or 7, sun is 0");
    }
    int step = slash < 0 ? 1 : step(field, item, item.text().substring(slash + 1));
    long values = 0;
    for (int value = first; value <= last; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  private static int value(CronField field, Word item, String text) throws Refusal {
    return field
        .value(text)
        .orElseThrow(() ->
            unexpected(
                field,
                item,
                field.expected() + "; in lists with commas, ranges with -, all with *"));
  }

  private static int step(CronField field, Word item, String text) throws Refusal {
    int step = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
    if (step < 1 || step > field.most()) {
      throw unexpected(field, item, "a step from 1 to " + field.most());
    }
    return step;
  }

  private static Refusal unexpected(CronField field, Word item, String expected) {
    return new Refusal(
        "character "
            + item.at()
            + ", "
            + field.words()
            + ": "
            + (item.text().isEmpty() ? "nothing" : shown(item.text()))
            + " (expected: "
            + expected
            + ")");
  }

  private static String shown(String text) {
    String cut = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
