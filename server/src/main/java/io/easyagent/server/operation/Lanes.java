package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a host's operations are due: those of one agent one after another, agents beside each
 * other, and a few of the host's own at a time, of which those that change its sidecar run one
 * after another. Pure.
 *
 * <p>Not more are with the host at once than it has room for: its journal reserves 320 KiB of 8 MiB
 * for the result of each.
 */
final class Lanes {
  static final int HOST_LANE = 4;
  static final int WITH_HOST_AT_ONCE = 20;

  private Lanes() {}

  /**
   * What the session is to be given, in order.
   *
   * @param unfinished of one host, in the order of acceptance
   * @param epoch of the open session, whose inventory is stored
   */
  static List<WorkItem> due(List<WorkItem> unfinished, long epoch, Instant now) {
    List<WorkItem> due = new ArrayList<>();
    Set<AgentId> busy = new HashSet<>();
    int hostLane = 0;
    boolean sidecarBusy = false;
    int withHost = 0;
    for (WorkItem item : unfinished) {
      if (item.state() != OperationState.QUEUED) {
        withHost++;
        item.agent().ifPresent(busy::add);
        hostLane += item.agent().isEmpty() ? 1 : 0;
        sidecarBusy |= item.kind().ofSidecar();
        if (item.state() == OperationState.SENT && item.sentEpoch() < epoch) {
          due.add(item);
        }
      }
    }
    for (WorkItem item : unfinished) {
      if (item.state() != OperationState.QUEUED) {
        continue;
      }
      Optional<AgentId> agent = item.agent();
      boolean free =
          agent.isPresent()
              ? busy.add(agent.get())
              : hostLane < HOST_LANE && !(sidecarBusy && item.kind().ofSidecar());
      sidecarBusy |= item.kind().ofSidecar();
      if (free && withHost < WITH_HOST_AT_ONCE && now.isBefore(item.deadline())) {
        withHost++;
        hostLane += agent.isEmpty() ? 1 : 0;
        due.add(item);
      }
    }
    return due;
  }
}
