package io.easyagent.sidecar.wire;

import io.easyagent.protocol.Event;
import io.easyagent.protocol.Event.EventType;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.OutboxEvent.AgentHappened;
import io.easyagent.sidecar.journal.OutboxEvent.AgentRemoved;
import io.easyagent.sidecar.journal.OutboxEvent.AgentReported;
import io.easyagent.sidecar.journal.OutboxEvent.Gap;
import io.easyagent.sidecar.journal.OutboxEvent.OperationFinished;
import io.easyagent.sidecar.journal.OutboxEvent.OperationStarted;
import java.time.Instant;

/** Events of the outbox, on the wire and in the journal. */
public final class EventCodec {

  private EventCodec() {}

  /** The event without a header. */
  public static Event encode(Instant occurredAt, OutboxEvent event) {
    var message = Event.newBuilder().setOccurredAt(Fields.timestamp(occurredAt));
    switch (event) {
      case OperationStarted started ->
          message
              .setEventType(EventType.EVT_OPERATION_STARTED)
              .setOperationStarted(
                  io.easyagent.protocol.OperationStarted.newBuilder()
                      .setOperationId(Fields.bytes(started.operation()))
                      .setGeneration(Fields.bytes(started.generation())));
      case OperationFinished finished ->
          message
              .setEventType(EventType.EVT_OPERATION_RESULT)
              .setOperationResult(
                  ResultCodec.encode(
                      finished.operation(), finished.generation(), finished.result()));
      case AgentReported report ->
          message
              .setEventType(EventType.EVT_AGENT_REPORT)
              .setAgentReport(AgentCodec.encode(report));
      case AgentRemoved removed ->
          message
              .setEventType(EventType.EVT_AGENT_REMOVED)
              .setAgentRemoved(
                  io.easyagent.protocol.AgentRemoved.newBuilder()
                      .setAgentId(Fields.bytes(removed.agent())));
      case AgentHappened happened ->
          message
              .setEventType(EventType.EVT_AGENT_EVENT)
              .setAgentEvent(
                  io.easyagent.protocol.AgentEvent.newBuilder()
                      .setAgentId(Fields.bytes(happened.agent()))
                      .setKind(happened.kind())
                      .setMessage(happened.message()));
      case Gap gap ->
          message
              .setEventType(EventType.EVT_GAP)
              .setGap(io.easyagent.protocol.Gap.newBuilder().setDropped(gap.dropped()));
    }
    return message.build();
  }

  /** The moment that {@link #encode} wrote. */
  public static Instant occurredAt(Event message) throws WireException {
    return Fields.instant(message.hasOccurredAt(), message.getOccurredAt(), "event.occurredAt");
  }

  /** What {@link #encode} wrote; events that no outbox holds are refused. */
  public static OutboxEvent decode(Event message) throws WireException {
    return switch (message.getDetailsCase()) {
      case OPERATIONSTARTED -> {
        var started = message.getOperationStarted();
        yield new OperationStarted(
            Fields.operationId(started.getOperationId(), "event.operationId"),
            Fields.opaque(started.getGeneration(), "event.generation"));
      }
      case OPERATIONRESULT -> {
        var result = message.getOperationResult();
        yield new OperationFinished(
            Fields.operationId(result.getOperationId(), "event.operationId"),
            Fields.opaque(result.getGeneration(), "event.generation"),
            ResultCodec.decode(result));
      }
      case AGENTREPORT -> AgentCodec.decode(message.getAgentReport());
      case AGENTREMOVED ->
          new AgentRemoved(Fields.agentId(message.getAgentRemoved().getAgentId(), "event.agentId"));
      case AGENTEVENT -> {
        var happened = message.getAgentEvent();
        yield new AgentHappened(
            Fields.agentId(happened.getAgentId(), "event.agentId"),
            happened.getKind(),
            happened.getMessage());
      }
      case GAP -> new Gap(Fields.unsigned(message.getGap().getDropped(), "event.gap.dropped"));
      case OPPROGRESS,
          AGENTERROR,
          OSRESOURCEUSAGES,
          PROCRESOURCEUSAGES,
          EXECSCRIPTRESPONSE,
          AGENTHEALTHCHECK,
          EXECRESTRESPONSE,
          DETAILS_NOT_SET ->
          throw WireException.unexpected(
              "event", message.getDetailsCase(), "an event of the outbox");
    };
  }
}
