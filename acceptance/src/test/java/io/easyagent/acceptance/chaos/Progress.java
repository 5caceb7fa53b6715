package io.easyagent.acceptance.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says how far a campaign is, and each violation when it is found. */
final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final PrintStream out;
  private final Settings settings;
  private final Time time;
  private final Set<String> told = new HashSet<>();
  private Duration last = Duration.ZERO;
  private Duration lastLine = Duration.ZERO;

  Progress(PrintStream out, Settings settings, Time time) {
    this.out = out;
    this.settings = settings;
    this.time = time;
  }

  boolean isDue() {
    boolean due = time.now().minus(last).compareTo(SOON.multipliedBy(1 + last.toMinutes())) > 0;
    if (due) {
      last = time.now();
    }
    return due;
  }

  void tell(History history, List<Violation> violations) {
    for (Violation violation : violations) {
      if (told.add(violation.promise() + violation.host() + violation.subject())) {
        out.println(Report.of(violation, history));
      }
    }
    if (time.now().minus(lastLine).compareTo(EVERY) < 0) {
      return;
    }
    lastLine = time.now();
    long struck = history.strikes().stream().filter(strike -> !strike.moot()).count();
    long ended = history.orders().stream().filter(order -> !order.isOpen()).count();
    Duration left = settings.gap().multipliedBy(settings.faults() - history.strikes().size());
    out.printf(
        "chaos: %s  faults %,d of %,d (%,d met nothing)  operations %,d accepted, %,d ended"
            + "  violations %d  about %s left%n",
        clock(time.now()),
        struck,
        settings.faults(),
        history.strikes().size() - struck,
        history.orders().size(),
        ended,
        violations.size(),
        clock(left));
  }

  private static String clock(Duration duration) {
    return "%d:%02d:%02d"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }
}
