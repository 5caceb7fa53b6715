package io.easyagent.cron;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** The fields of a line, in their order. */
enum CronField {
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY("day of month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
  /** 0 and 7 are Sunday. */
  WEEKDAY("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

  private final String words;
  private final int least;
  private final int most;
  private final List<String> names;

  CronField(String words, int least, int most, List<String> names) {
    this.words = words;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  String words() {
    return words;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /** Of a number or a name, in whatever case; empty when it is none of this field. */
  OptionalInt value(String text) {
    int name = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (name >= 0) {
      return OptionalInt.of(least + name);
    }
    if (!text.matches("[0-9]{1,2}")) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(text);
    return number < least || number > most ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** What a value may be, for messages. */
  String expected() {
    String numbers = least + " to " + most;
    return names.isEmpty()
        ? numbers
        : numbers + ", or a name from " + names.getFirst() + " to " + names.getLast();
  }
}
