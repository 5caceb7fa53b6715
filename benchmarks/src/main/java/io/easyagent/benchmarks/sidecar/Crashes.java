package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Percentiles;
import io.easyagent.benchmarks.measure.SystemTime;
import io.easyagent.benchmarks.measure.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * From an agent's kill -9 until its successor runs. The kill's time is taken before the call, the
 * successor's by the agent's program as its first act: both are the kernel's monotonic clock, so
 * that nothing of how the successor is noticed here is in the figure.
 */
final class Crashes {
  /**
   * How long a life lasts before it is ended: longer than what both supervisors take for a start
   * that has succeeded, after which a restart is a first one again, at once.
   */
  private static final Duration STABLE = Duration.ofMillis(1_500);

  /** The sidecar would wait longer before a second restart: that is never taken for a first one. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(10);

  private Crashes() {}

  /**
   * Kills agents in turn, as many times as there are places.
   *
   * @param sidecar the witnesses of its agents
   * @param supervisord the witnesses of its own; they are killed in the pauses of the others, so
   *     that a busy moment of the machine strikes both
   */
  record Measured(Percentiles sidecar, Percentiles supervisord) {}

  static Measured measure(int kills, List<Path> sidecar, List<Path> supervisord) throws Exception {
    double[] ofSidecar = new double[kills];
    double[] ofSupervisord = new double[kills];
    for (int at = 0; at < kills; at++) {
      ofSidecar[at] = millisToSuccessor(sidecar.get(at % sidecar.size()));
      ofSupervisord[at] = millisToSuccessor(supervisord.get(at % supervisord.size()));
    }
    return new Measured(Percentiles.of(ofSidecar), Percentiles.of(ofSupervisord));
  }

  private static double millisToSuccessor(Path file) throws Exception {
    Witness before = Witness.of(file);
    Witness.Start killed =
        before
            .latest()
            .orElseThrow(() -> new BenchException("no agent has ever started; see " + file));
    Waiting.until(
        "a life long enough",
        PATIENCE,
        LOOK,
        () -> SystemTime.nanos() - killed.nanos() >= STABLE.toNanos());
    ProcessHandle agent =
        ProcessHandle.of(killed.pid())
            .orElseThrow(() -> new BenchException("an agent ended by itself; see " + file));
    long asked = SystemTime.nanos();
    if (!agent.destroyForcibly()) {
      throw new BenchException("process " + killed.pid() + " cannot be killed");
    }
    Waiting.until(
        "a successor; see " + file,
        PATIENCE,
        LOOK,
        () -> Witness.of(file).starts().size() > before.starts().size());
    Witness.Start successor = Witness.of(file).starts().get(before.starts().size());
    if (successor.nanos() < asked || successor.nanos() > SystemTime.nanos()) {
      throw new BenchException(
          "a start at %d ns between %d and %d (expected: the same clock)"
              .formatted(successor.nanos(), asked, SystemTime.nanos()));
    }
    return (successor.nanos() - asked) / 1e6;
  }
}
