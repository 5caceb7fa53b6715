package io.easyagent.sidecar.wire;

import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.KnownOperation;
import io.easyagent.protocol.OutboxPosition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.JournalState;
import java.util.List;
import java.util.function.Function;

/** What the host holds, as it is said when a session opens. */
public final class InventoryCodec {
  private static final int MOST_CONDITIONS = 64;

  private InventoryCodec() {}

  /** The inventory without a header. */
  public static Inventory encode(
      JournalState state, Function<AgentRecord, ObservedAgent> observe, List<String> conditions) {
    var message =
        Inventory.newBuilder()
            .setOutbox(
                OutboxPosition.newBuilder()
                    .setIncarnation(Fields.bytes(state.incarnation()))
                    .setLastNumber(state.lastNumber()))
            .addAllConditions(conditions.stream().limit(MOST_CONDITIONS).toList());
    for (AgentRecord agent : state.agents().values()) {
      message.addAgents(AgentCodec.encode(agent, observe.apply(agent)));
    }
    state
        .operations()
        .forEach((id, known) -> {
          if (!id.isHosts()) {
            message.addOperations(
                KnownOperation.newBuilder()
                    .setOperationId(Fields.bytes(id))
                    .setDigest(Fields.bytes(known.command().digest()))
                    .setFinished(known.result().isPresent()));
          }
        });
    return message.build();
  }
}
