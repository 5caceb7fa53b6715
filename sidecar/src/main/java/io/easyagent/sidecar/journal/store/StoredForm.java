package io.easyagent.sidecar.journal.store;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalEntry.AgentForgotten;
import io.easyagent.sidecar.journal.JournalEntry.AgentKept;
import io.easyagent.sidecar.journal.JournalEntry.CommandTaken;
import io.easyagent.sidecar.journal.JournalEntry.EventDropped;
import io.easyagent.sidecar.journal.JournalEntry.EventQueued;
import io.easyagent.sidecar.journal.JournalEntry.EventReplaced;
import io.easyagent.sidecar.journal.JournalEntry.EventsAcknowledged;
import io.easyagent.sidecar.journal.JournalEntry.IncarnationStarted;
import io.easyagent.sidecar.journal.JournalEntry.OperationEnded;
import io.easyagent.sidecar.journal.JournalEntry.OperationForgotten;
import io.easyagent.sidecar.journal.JournalEntry.SessionOpened;
import io.easyagent.sidecar.journal.JournalEntry.StepReached;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.JournalState.KnownOperation;
import io.easyagent.sidecar.journal.JournalState.QueuedEvent;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.stored.StoredAgent;
import io.easyagent.sidecar.journal.stored.StoredCommand;
import io.easyagent.sidecar.journal.stored.StoredEntries;
import io.easyagent.sidecar.journal.stored.StoredEntry;
import io.easyagent.sidecar.journal.stored.StoredEvent;
import io.easyagent.sidecar.journal.stored.StoredOperation;
import io.easyagent.sidecar.journal.stored.StoredSession;
import io.easyagent.sidecar.journal.stored.StoredSnapshot;
import io.easyagent.sidecar.journal.stored.StoredStep;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.wire.AgentCodec;
import io.easyagent.sidecar.wire.CommandCodec;
import io.easyagent.sidecar.wire.DefinitionCodec;
import io.easyagent.sidecar.wire.EventCodec;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.ResultCodec;
import io.easyagent.sidecar.wire.WireException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Entries and states as they are stored. */
final class StoredForm {

  private StoredForm() {}

  static StoredEntries encode(List<JournalEntry> entries) {
    StoredEntries.Builder stored = StoredEntries.newBuilder();
    entries.forEach(entry -> stored.addEntries(encode(entry)));
    return stored.build();
  }

  static List<JournalEntry> decode(StoredEntries stored) throws WireException {
    List<JournalEntry> entries = new ArrayList<>();
    for (StoredEntry entry : stored.getEntriesList()) {
      entries.add(decode(entry));
    }
    return entries;
  }

  static StoredSnapshot encode(JournalState state) {
    StoredSnapshot.Builder stored =
        StoredSnapshot.newBuilder()
            .setIncarnation(Fields.bytes(state.incarnation()))
            .setLastNumber(state.lastNumber());
    state.session().map(StoredForm::encode).ifPresent(stored::setSession);
    state.agents().values().forEach(agent -> stored.addAgents(encode(agent)));
    state.operations().values().forEach(known -> stored.addOperations(encode(known)));
    state
        .outbox()
        .values()
        .forEach(queued ->
            stored.addOutbox(encode(queued.number(), queued.occurredAt(), queued.event())));
    return stored.build();
  }

  static JournalState decode(StoredSnapshot stored) throws WireException {
    LinkedHashMap<AgentId, AgentRecord> agents = new LinkedHashMap<>();
    for (StoredAgent agent : stored.getAgentsList()) {
      AgentRecord kept = decode(agent);
      agents.put(kept.id(), kept);
    }
    LinkedHashMap<OperationId, KnownOperation> operations = new LinkedHashMap<>();
    for (StoredOperation operation : stored.getOperationsList()) {
      KnownOperation known = decode(operation);
      operations.put(known.command().id(), known);
    }
    LinkedHashMap<Long, QueuedEvent> outbox = new LinkedHashMap<>();
    for (StoredEvent event : stored.getOutboxList()) {
      outbox.put(
          event.getNumber(),
          new QueuedEvent(
              event.getNumber(),
              EventCodec.occurredAt(event.getEvent()),
              EventCodec.decode(event.getEvent())));
    }
    return new JournalState(
        agents,
        operations,
        outbox,
        Fields.uuid(stored.getIncarnation(), "incarnation"),
        stored.getLastNumber(),
        stored.hasSession() ? Optional.of(decode(stored.getSession())) : Optional.empty());
  }

  private static StoredEntry encode(JournalEntry entry) {
    StoredEntry.Builder stored = StoredEntry.newBuilder();
    switch (entry) {
      case CommandTaken(TakenCommand command) -> stored.setCommandTaken(encode(command));
      case StepReached reached -> stored.setStepReached(encode(reached));
      case OperationEnded ended ->
          stored.setOperationEnded(ResultCodec.encode(ended.operation(), "", ended.result()));
      case OperationForgotten(OperationId operation) ->
          stored.setOperationForgotten(Fields.bytes(operation.value()));
      case AgentKept(AgentRecord agent) -> stored.setAgentKept(encode(agent));
      case AgentForgotten(AgentId agent) -> stored.setAgentForgotten(Fields.bytes(agent.value()));
      case EventQueued(long number, Instant occurredAt, OutboxEvent event) ->
          stored.setEventQueued(encode(number, occurredAt, event));
      case EventReplaced(long number, OutboxEvent event) ->
          stored.setEventReplaced(encode(number, Instant.EPOCH, event));
      case EventDropped(long number) -> stored.setEventDropped(number);
      case EventsAcknowledged(long number) -> stored.setEventsAcknowledged(number);
      case IncarnationStarted started ->
          stored.setIncarnationStarted(Fields.bytes(started.incarnation()));
      case SessionOpened opened -> stored.setSessionOpened(encode(opened));
    }
    return stored.build();
  }

  private static JournalEntry decode(StoredEntry stored) throws WireException {
    return switch (stored.getEntryCase()) {
      case COMMANDTAKEN -> new CommandTaken(decode(stored.getCommandTaken()));
      case STEPREACHED -> decode(stored.getStepReached());
      case OPERATIONENDED ->
          new OperationEnded(
              operation(stored.getOperationEnded().getOperationId()),
              ResultCodec.decode(stored.getOperationEnded()));
      case OPERATIONFORGOTTEN -> new OperationForgotten(operation(stored.getOperationForgotten()));
      case AGENTKEPT -> new AgentKept(decode(stored.getAgentKept()));
      case AGENTFORGOTTEN ->
          new AgentForgotten(new AgentId(Fields.uuid(stored.getAgentForgotten(), "agentId")));
      case EVENTQUEUED ->
          new EventQueued(
              stored.getEventQueued().getNumber(),
              EventCodec.occurredAt(stored.getEventQueued().getEvent()),
              EventCodec.decode(stored.getEventQueued().getEvent()));
      case EVENTREPLACED ->
          new EventReplaced(
              stored.getEventReplaced().getNumber(),
              EventCodec.decode(stored.getEventReplaced().getEvent()));
      case EVENTDROPPED -> new EventDropped(stored.getEventDropped());
      case EVENTSACKNOWLEDGED -> new EventsAcknowledged(stored.getEventsAcknowledged());
      case INCARNATIONSTARTED ->
          new IncarnationStarted(Fields.uuid(stored.getIncarnationStarted(), "incarnation"));
      case SESSIONOPENED -> decode(stored.getSessionOpened());
      case ENTRY_NOT_SET -> throw new WireException("an entry of a kind that is not known");
    };
  }

  private static StoredCommand encode(TakenCommand command) {
    return StoredCommand.newBuilder()
        .setOperationId(Fields.bytes(command.id().value()))
        .setDigest(Fields.bytes(command.digest()))
        .setGeneration(Fields.bytes(command.generation()))
        .setTimeLeft(Fields.duration(command.timeLeft()))
        .setTakenAt(Fields.timestamp(command.takenAt()))
        .setHostName(command.hostName())
        .putAllLabels(command.labels())
        .setCommand(CommandCodec.encode(command.command()))
        .build();
  }

  private static TakenCommand decode(StoredCommand stored) throws WireException {
    return new TakenCommand(
        operation(stored.getOperationId()),
        Fields.sha256(stored.getDigest(), "digest"),
        Fields.opaque(stored.getGeneration(), "generation"),
        Fields.duration(stored.hasTimeLeft(), stored.getTimeLeft(), "timeLeft"),
        Fields.instant(stored.hasTakenAt(), stored.getTakenAt(), "takenAt"),
        stored.getHostName(),
        stored.getLabelsMap(),
        CommandCodec.decode(stored.getCommand()));
  }

  private static StoredStep encode(StepReached reached) {
    return StoredStep.newBuilder()
        .setOperationId(Fields.bytes(reached.operation().value()))
        .setStep(reached.step())
        .setNote(reached.note())
        .build();
  }

  private static StepReached decode(StoredStep stored) throws WireException {
    return new StepReached(operation(stored.getOperationId()), stored.getStep(), stored.getNote());
  }

  private static StoredAgent encode(AgentRecord agent) {
    return StoredAgent.newBuilder()
        .setAgentId(Fields.bytes(agent.id().value()))
        .setDefinition(DefinitionCodec.encode(agent.definition()))
        .setRevision(agent.revision())
        .setDesired(AgentCodec.encode(agent.desired()))
        .setInstalledVersion(agent.installedVersion().orElse(""))
        .build();
  }

  private static AgentRecord decode(StoredAgent stored) throws WireException {
    return new AgentRecord(
        new AgentId(Fields.uuid(stored.getAgentId(), "agentId")),
        DefinitionCodec.decode(stored.getDefinition()),
        stored.getRevision(),
        AgentCodec.decode(stored.getDesired()),
        stored.getInstalledVersion().isEmpty()
            ? Optional.empty()
            : Optional.of(stored.getInstalledVersion()));
  }

  private static StoredEvent encode(long number, Instant occurredAt, OutboxEvent event) {
    return StoredEvent.newBuilder()
        .setNumber(number)
        .setEvent(EventCodec.encode(occurredAt, event))
        .build();
  }

  private static StoredSession encode(SessionOpened opened) {
    return StoredSession.newBuilder()
        .setEpoch(opened.epoch())
        .setNonce(Fields.bytes(opened.nonce()))
        .setGeneration(Fields.bytes(opened.generation()))
        .build();
  }

  private static SessionOpened decode(StoredSession stored) throws WireException {
    return new SessionOpened(
        stored.getEpoch(),
        Fields.opaque(stored.getNonce(), "nonce"),
        Fields.opaque(stored.getGeneration(), "generation"));
  }

  private static StoredOperation encode(KnownOperation known) {
    StoredOperation.Builder stored =
        StoredOperation.newBuilder().setCommand(encode(known.command()));
    known.step().map(StoredForm::encode).ifPresent(stored::setStep);
    known
        .result()
        .map(result -> ResultCodec.encode(known.command().id(), "", result))
        .ifPresent(stored::setResult);
    return stored.build();
  }

  private static KnownOperation decode(StoredOperation stored) throws WireException {
    return new KnownOperation(
        decode(stored.getCommand()),
        stored.hasStep() ? Optional.of(decode(stored.getStep())) : Optional.empty(),
        stored.hasResult()
            ? Optional.of(ResultCodec.decode(stored.getResult()))
            : Optional.empty());
  }

  private static OperationId operation(com.google.protobuf.ByteString bytes) throws WireException {
    return new OperationId(Fields.uuid(bytes, "operationId"));
  }
}
