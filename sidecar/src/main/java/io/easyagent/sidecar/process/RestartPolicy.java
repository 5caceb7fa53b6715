package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.process.ProcessState.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Whether and when a process that ended is started again. The first restart in a row has no delay,
 * the second has {@code backoffFirst}, every further one twice the delay before it and never more
 * than {@code backoffMost}. Up to a quarter of a delay is taken off at random, so that many agents
 * that failed together do not come back together. It never gives up.
 */
final class RestartPolicy {
  private static final double JITTER = 0.25;
  private static final int DOUBLINGS_MOST = 40;

  /** As many short runs in a row are a crash loop: something that time alone does not repair. */
  static final int CRASH_LOOP = 5;

  private final DoubleSupplier random;

  /**
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  RestartPolicy(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * @param attempt restarts in a row, this one included
   */
  record Restart(int attempt, Duration delay) {

    /** Why it waits; names the crash loop that it is in, if it is in one. */
    String cause(Ending ending) {
      return attempt < CRASH_LOOP
          ? ending.cause()
          : "crash loop: " + attempt + " short runs in a row, last: " + ending.cause();
    }

    boolean beginsCrashLoop() {
      return attempt == CRASH_LOOP;
    }
  }

  /** The next restart, or none when the rule wants none. */
  Optional<Restart> decide(ProcessRules rules, Ending ending) {
    if (!wanted(rules, ending.failed())) {
      return Optional.empty();
    }
    boolean stable = ending.ranFor().compareTo(rules.restart().resetAfter()) >= 0;
    int attempt = stable ? 1 : ending.attempt() + 1;
    return Optional.of(new Restart(attempt, delay(rules.restart(), attempt)));
  }

  /** A oneshot runs once each time it is started: only a rule made for failures repeats it. */
  private static boolean wanted(ProcessRules rules, boolean failed) {
    return switch (rules.restart().policy()) {
      case ALWAYS -> rules.type() == AgentType.SERVICE;
      case ON_FAILURE -> failed;
      case NEVER -> false;
    };
  }

  private Duration delay(RestartRule rule, int attempt) {
    if (attempt <= 1) {
      return Duration.ZERO;
    }
    int doublings = Math.min(attempt - 2, DOUBLINGS_MOST);
    double grown = rule.backoffFirst().toNanos() * Math.pow(2, doublings);
    double capped = Math.min(grown, rule.backoffMost().toNanos());
    return Duration.ofNanos((long) (capped * (1 - JITTER * random.getAsDouble())));
  }
}
