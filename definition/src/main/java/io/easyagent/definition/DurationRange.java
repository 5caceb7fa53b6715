package io.easyagent.definition;

import java.time.Duration;
import java.util.Optional;

/** Two durations, written {@code 1s..5m}; the first is not longer than the second. */
record DurationRange(Duration first, Duration most) {
  static Optional<DurationRange> parse(String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      return Optional.empty();
    }
    return DurationText.parse(text.substring(0, dots))
        .flatMap(first ->
            DurationText.parse(text.substring(dots + 2))
                .filter(most -> first.compareTo(most) <= 0)
                .map(most -> new DurationRange(first, most)));
  }

  boolean within(Duration least, Duration longest) {
    return first.compareTo(least) >= 0 && most.compareTo(longest) <= 0;
  }

  @Override
  public String toString() {
    return DurationText.format(first) + ".." + DurationText.format(most);
  }
}
