package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessIdentity;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps a keeper at hand for an agent's next launch while the agent runs: starting one takes
 * longest of all that lies between a crash and its successor, because the kernel makes who enters a
 * cgroup wait (a grace period of RCU, some 10 ms). It costs a shell that sleeps. Used on the
 * agent's mailbox only, but for {@link #keepers}.
 */
final class Standby {
  /** Whatever has just begun to run comes first. */
  private static final Duration AFTER = Duration.ofMillis(200);

  private final ScheduledExecutorService scheduler;
  private final Mailbox mailbox;
  private final Supplier<Optional<WaitingKeeper>> start;
  private Optional<Future<?>> planned = Optional.empty();
  private volatile Optional<WaitingKeeper> waiting = Optional.empty();

  /**
   * @param start gives none where none can be had
   */
  Standby(
      ScheduledExecutorService scheduler,
      Mailbox mailbox,
      Supplier<Optional<WaitingKeeper>> start) {
    this.scheduler = scheduler;
    this.mailbox = mailbox;
    this.start = start;
  }

  /** Where none is wanted any more, there is none on return. */
  void follow(boolean wanted) {
    if (!wanted) {
      planned.ifPresent(future -> future.cancel(false));
      planned = Optional.empty();
      waiting.ifPresent(WaitingKeeper::dismiss);
      waiting = Optional.empty();
    } else if (planned.isEmpty() && waiting.isEmpty()) {
      planned =
          Optional.of(
              scheduler.schedule(
                  () -> mailbox.post(this::begin), AFTER.toNanos(), TimeUnit.NANOSECONDS));
    }
  }

  private void begin() {
    if (planned.isPresent() && waiting.isEmpty()) {
      waiting = start.get();
    }
  }

  /** The one that is at hand; from now on its taker's. */
  Optional<WaitingKeeper> take() {
    Optional<WaitingKeeper> taken = waiting;
    waiting = Optional.empty();
    planned = Optional.empty();
    return taken;
  }

  /** What is in the agent's cgroup without being the agent's. From any thread. */
  Set<ProcessIdentity> keepers() {
    return waiting.map(WaitingKeeper::identity).stream().collect(Collectors.toUnmodifiableSet());
  }
}
