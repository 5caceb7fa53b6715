package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.Causes;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.Signals;
import io.easyagent.sidecar.supervise.CgroupMemory.Counters;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells kills by the kernel for want of memory from other kills: by the counters of the agent's
 * cgroup, against what they were at the launch, which is on record, so that it holds for what
 * happened while no sidecar watched. Used on the agent's mailbox only.
 */
final class OutOfMemory {
  private static final Logger LOG = Logger.getLogger(OutOfMemory.class.getName());

  private final CgroupMemory memory;
  private final RecordFolder folder;
  private final Consumer<String> told;
  private Phase phase = Phase.MAIN;
  private Optional<Baseline> baseline = Optional.empty();
  private long suspected;

  /**
   * @param counters up to which everything is told of
   * @param others processes beside the main one that were killed since the launch
   */
  record Baseline(Counters counters, long others) {}

  /**
   * @param told hears of processes of the tree that were killed while the main process was not
   */
  OutOfMemory(CgroupMemory memory, RecordFolder folder, Consumer<String> told) {
    this.memory = memory;
    this.folder = folder;
    this.told = told;
  }

  /**
   * A launch follows. A disk that does not take it costs a later life of the sidecar the answer.
   */
  void launching(Phase next) {
    Optional<Baseline> known = Optional.of(new Baseline(memory.read().orElse(Counters.NONE), 0));
    if (phase != next || !baseline.equals(known)) {
      phase = next;
      keep(known.get());
    }
  }

  /** A launch of an earlier life of the sidecar was found. */
  void adopted(Phase found) {
    phase = found;
    suspected = 0;
    try {
      baseline = folder.findMemory(found);
    } catch (IOException unknown) {
      baseline = Optional.empty();
    }
  }

  /** How a process ended, now that it has. */
  ProcessEnd judge(ProcessEnd end) {
    Optional<Counters> now = memory.read();
    if (baseline.isEmpty() || now.isEmpty()) {
      return end;
    }
    long kills = now.get().kills() - baseline.get().counters().kills();
    if (kills <= 0) {
      return end;
    }
    if (end instanceof ProcessEnd.Signalled(int signal) && signal == Signals.KILL) {
      return new ProcessEnd.OutOfMemory(limitMet(now.get()));
    }
    tell(now.get(), kills);
    return end;
  }

  /**
   * To be called now and then while the process runs. What is new is told at the look after the
   * next: the process itself may be the one that is about to end of it.
   *
   * @return whether something was told
   */
  boolean look() {
    Optional<Counters> now = memory.read();
    if (baseline.isEmpty() || now.isEmpty()) {
      return false;
    }
    long kills = now.get().kills() - baseline.get().counters().kills();
    if (kills > 0 && kills == suspected) {
      tell(now.get(), kills);
      return true;
    }
    suspected = kills;
    return false;
  }

  /** What an operator should know of this run. */
  Optional<String> condition() {
    return baseline
        .map(Baseline::others)
        .filter(others -> others > 0)
        .map(others ->
            "out of memory: "
                + processes(others)
                + " of it killed since its start"
                + memory.limit().stream()
                    .mapToObj(limit -> " (limit " + Causes.size(limit) + ")")
                    .findFirst()
                    .orElse(""));
  }

  void forget() {
    baseline = Optional.empty();
    suspected = 0;
  }

  private void tell(Counters now, long kills) {
    OptionalLong limit = limitMet(now);
    keep(new Baseline(now, baseline.map(Baseline::others).orElse(0L) + kills));
    told.accept(
        Causes.outOfMemory(limit)
            + ": "
            + processes(kills)
            + " of it killed, not its main process");
  }

  private static String processes(long number) {
    return number == 1 ? "1 process" : number + " processes";
  }

  /** Its own limit, if that was met since. */
  private OptionalLong limitMet(Counters now) {
    return baseline.filter(then -> now.limitHits() > then.counters().limitHits()).isPresent()
        ? memory.limit()
        : OptionalLong.empty();
  }

  private void keep(Baseline changed) {
    suspected = 0;
    baseline = Optional.of(changed);
    try {
      folder.create();
      folder.writeMemory(phase, changed);
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING,
          failure,
          () -> folder.path().getFileName() + ": its counters of memory were not written down");
    }
  }
}
