package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessDescriptor;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Finds again what an earlier life of the sidecar has launched, by its record. */
final class Adoption {
  private static final Duration UNDECIDED_MOST = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final Proc proc;
  private final LongSupplier nanoTime;

  Adoption(Proc proc, LongSupplier nanoTime) {
    this.proc = proc;
    this.nanoTime = nanoTime;
  }

  /** What became of a launch. */
  sealed interface Found {
    /** No launch is on record. */
    record Nothing() implements Found {}

    /** It runs, or has ended and can still be read. */
    record Process(LaunchedProcess launched) implements Found {}

    /** Its end was written down; something of its tree may be left. */
    record Ended(LaunchRecord launch, Optional<ProcessIdentity> child, ProcessEnd end)
        implements Found {}

    /** It was recorded, and no process of it is known: never released, or gone without a trace. */
    record Traceless(LaunchRecord launch, String reason) implements Found {}

    /** It was of an earlier boot: nothing of it is left. */
    record EarlierBoot(LaunchRecord launch, Optional<ProcessEnd> end) implements Found {}
  }

  /** May wait a moment for a keeper that is just being released or given up. */
  Found find(RecordFolder folder) throws IOException {
    Optional<LaunchRecord> record = folder.findLaunch();
    if (record.isEmpty()) {
      return new Found.Nothing();
    }
    LaunchRecord launch = record.get();
    Optional<ProcessEnd> end = folder.findEnd(launch.purpose().phase());
    if (!launch.bootId().equals(proc.bootId())) {
      return new Found.EarlierBoot(launch, end);
    }
    Optional<ProcessIdentity> child = findChild(folder, launch);
    if (end.isPresent()) {
      return new Found.Ended(launch, child, end.get());
    }
    return child
        .<Found>map(identity -> new Found.Process(new LaunchedProcess(launch, identity, List.of())))
        .orElseGet(() -> new Found.Traceless(launch, "the sidecar ended while it was launched"));
  }

  /** The keeper's only child; without a keeper what was written down, if anything. */
  private Optional<ProcessIdentity> findChild(RecordFolder folder, LaunchRecord launch)
      throws IOException {
    Optional<ProcessIdentity> written = folder.findChild(launch.purpose().phase());
    Optional<ProcessDescriptor> opened = ProcessDescriptor.open(proc, launch.keeper());
    if (opened.isEmpty()) {
      return written;
    }
    try (ProcessDescriptor keeper = opened.get()) {
      Optional<ProcessIdentity> child = awaitChild(launch, keeper);
      return child.isPresent() ? child : written;
    }
  }

  /**
   * A keeper that was told to go has a child or will have one in a moment; one that was not sees
   * the end of its input and ends by itself. Both are over once it sleeps.
   */
  private Optional<ProcessIdentity> awaitChild(LaunchRecord launch, ProcessDescriptor keeper)
      throws IOException {
    long start = nanoTime.getAsLong();
    while (nanoTime.getAsLong() - start < UNDECIDED_MOST.toNanos()) {
      Optional<ProcStat> keeperStat = proc.findStat(launch.keeper());
      Optional<ProcessIdentity> child = childOf(launch.keeper().pid());
      if (child.isPresent() || keeperStat.map(ProcStat::hasEnded).orElse(true)) {
        return child;
      }
      if (keeper.awaitEnd(LOOK_AGAIN)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<ProcessIdentity> childOf(int keeper) {
    return proc.children(keeper).stream()
        .map(proc::findStat)
        .flatMap(Optional::stream)
        .filter(stat -> stat.parent() == keeper)
        .map(ProcStat::identity)
        .findFirst();
  }
}
