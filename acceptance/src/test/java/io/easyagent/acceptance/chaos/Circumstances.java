package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Order.End;
import io.easyagent.api.Operation;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the faults excuse, and nothing else does.
 *
 * <p>A restored server knows what it knew at the backup's moment: what was accepted later it does
 * not know, and what had not ended by then ends INTERRUPTED.
 */
record Circumstances(List<Strike> strikes, List<Restoration> restorations) {

  /** It may have been accepted after the moment of a backup that the server went back to. */
  boolean mayBeForgotten(Order order, End heard) {
    return restorations.stream()
        .anyMatch(restored ->
            order.accepted().compareTo(restored.backupBegun()) > 0
                && order.submitted().compareTo(restored.begun()) < 0
                && heard.heard().compareTo(restored.begun()) > 0);
  }

  /** It may have been under way at the moment of a backup that the server went back to. */
  boolean wasRestored(Order order, End heard) {
    return restorations.stream()
        .anyMatch(restored ->
            order.submitted().compareTo(restored.backupDone()) < 0
                && heard.heard().compareTo(restored.begun()) > 0
                && order.end().orElseThrow().heard().compareTo(restored.backupBegun()) > 0);
  }

  /** Only a restored server may say otherwise than before: not known, or not known how. */
  boolean mayBecome(End before, End after) {
    return (after.state().isEmpty() || after.is(Operation.State.interrupted))
        && restorations.stream()
            .anyMatch(restored ->
                before.heard().compareTo(restored.backupBegun()) > 0
                    && before.heard().compareTo(restored.done()) < 0
                    && after.heard().compareTo(restored.begun()) > 0);
  }

  boolean diskWasFull(Order order, End end) {
    return struck(order, end, FaultKind.FILL_HOST_DISK);
  }

  boolean sidecarDied(Order order, End end) {
    return struck(order, end, FaultKind.KILL_SIDECAR);
  }

  /** Deadlines are moments of the server's clock: what it takes for passed, is over. */
  boolean deadlinePassed(Order order, End end) {
    return end.message().startsWith("deadline passed")
        && struck(order, end, FaultKind.JUMP_SERVER_CLOCK);
  }

  private boolean struck(Order order, End end, FaultKind kind) {
    return strikes.stream()
        .filter(strike -> FaultKind.of(strike.fault()) == kind)
        .filter(strike -> concerns(strike.fault().struckHost(), order.host()))
        .anyMatch(strike -> strike.touches(order.submitted(), end.heard()));
  }

  /** What strikes the server concerns every host. */
  private static boolean concerns(OptionalInt struck, String host) {
    return struck.isEmpty() || HostName.of(struck.getAsInt()).equals(host);
  }
}
