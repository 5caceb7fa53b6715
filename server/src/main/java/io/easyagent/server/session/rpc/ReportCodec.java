package io.easyagent.server.session.rpc;

import io.easyagent.protocol.AgentReport;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.OperationResult;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.ObservedAgent;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.operation.End;
import io.easyagent.server.operation.OperationEvent;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.session.HostEvent;
import io.easyagent.server.session.InventoryReport;
import io.easyagent.server.session.InventoryReport.HeldAgent;
import io.easyagent.server.session.NumberedEvent;
import io.easyagent.server.session.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What hosts say, made of bounded and clean values. */
final class ReportCodec {
  private static final int MOST_FACTS = 64;
  private static final int MOST_CAPABILITIES = 64;
  private static final int MOST_CONDITIONS = 32;
  private static final int LONGEST_NONCE = 64;
  private static final int LONGEST_INSTANCE = 16;
  private static final int LONGEST_INCARNATION = 64;
  private static final int LONGEST_DIGEST = 64;

  /** The fact by which a sidecar says that it only reports, and why. */
  private static final String CONDITION = "condition";

  private final InstantSource clock;

  ReportCodec(InstantSource clock) {
    this.clock = clock;
  }

  Registration registration(RegisterRequest wire, String address) {
    Map<String, String> facts = new TreeMap<>();
    wire.getFactsMap().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_FACTS)
        .forEach(fact -> putFact(facts, fact.getKey(), fact.getValue()));
    putFact(facts, "os", wire.getOsPlatform().isEmpty() ? wire.getOsType() : wire.getOsPlatform());
    putFact(facts, "osType", wire.getOsType());
    putFact(facts, "osVersion", wire.getOsVersion());
    putFact(facts, "architecture", wire.getArchitecture());
    putFact(facts, "host", wire.getHost());
    putFact(facts, "address", wire.getLocalIp());
    putFact(facts, "sidecar", wire.getVersion().getVersion());
    putFact(facts, "cores", number(wire.getCpuCores()));
    putFact(facts, "memory", number(wire.getMemSize()));
    putFact(facts, "swap", number(wire.getSwapSize()));
    Optional<String> condition = Optional.ofNullable(facts.remove(CONDITION));
    return new Registration(
        WireIds.bounded(wire.getNonce(), LONGEST_NONCE, "nonce"),
        new Life(
            HostText.word(wire.getMachineId()),
            HostText.word(wire.getBootId()),
            WireIds.bounded(wire.getInstance(), LONGEST_INSTANCE, "instance"),
            HostText.word(wire.getHost()),
            address),
        HostText.word(wire.getVersion().getVersion()),
        wire.getVersion().getCapabilitiesList().stream()
            .limit(MOST_CAPABILITIES)
            .map(HostText::word)
            .collect(Collectors.toSet()),
        facts,
        condition);
  }

  private static String number(long value) {
    return value == 0 ? "" : Long.toUnsignedString(value);
  }

  private static void putFact(Map<String, String> facts, String name, String value) {
    String cleanName = HostText.word(name);
    String cleanValue = HostText.word(value);
    if (!cleanName.isEmpty() && !cleanValue.isEmpty()) {
      facts.put(cleanName, cleanValue);
    }
  }

  InventoryReport inventory(Inventory wire) {
    Map<OperationId, String> operations = new HashMap<>();
    wire.getOperationsList()
        .forEach(known ->
            operations.put(
                new OperationId(WireIds.uuid(known.getOperationId(), "operationId")),
                WireIds.bounded(known.getDigest(), LONGEST_DIGEST, "digest")));
    return new InventoryReport(
        incarnation(wire.getOutbox().getIncarnation()),
        wire.getOutbox().getLastNumber(),
        wire.getAgentsList().stream().map(this::heldAgent).toList(),
        operations,
        conditions(wire.getConditionsList()));
  }

  private HeldAgent heldAgent(AgentReport wire) {
    return new HeldAgent(
        new AgentId(WireIds.uuid(wire.getAgentId(), "agentId")),
        observed(wire),
        wire.hasDefinition() ? AdoptionCodec.definition(wire.getDefinition()) : Optional.empty());
  }

  static String incarnation(com.google.protobuf.ByteString wire) {
    return WireIds.bounded(wire, LONGEST_INCARNATION, "incarnation");
  }

  private static List<String> conditions(List<String> wire) {
    return wire.stream().limit(MOST_CONDITIONS).map(HostText::line).toList();
  }

  NumberedEvent numbered(io.easyagent.protocol.NumberedEvent wire) {
    Instant occurredAt =
        wire.getEvent().hasOccurredAt()
            ? WireTimes.instant(wire.getEvent().getOccurredAt())
            : clock.instant();
    return new NumberedEvent(wire.getNumber(), occurredAt, event(wire.getEvent()));
  }

  private HostEvent event(Event wire) {
    try {
      return switch (wire.getDetailsCase()) {
        case OPERATIONSTARTED ->
            new HostEvent.OperationSaid(
                operation(wire.getOperationStarted().getOperationId()),
                WireIds.bounded(
                    wire.getOperationStarted().getGeneration(), LONGEST_NONCE, "generation"),
                OperationEvent.HOST_STARTED,
                End.because(""));
        case OPERATIONRESULT -> result(wire.getOperationResult());
        case AGENTREPORT ->
            new HostEvent.AgentSaid(
                agent(wire.getAgentReport().getAgentId()), observed(wire.getAgentReport()));
        case AGENTREMOVED -> new HostEvent.AgentRemoved(agent(wire.getAgentRemoved().getAgentId()));
        case AGENTEVENT ->
            new HostEvent.AgentHappened(
                agent(wire.getAgentEvent().getAgentId()),
                HostText.word(wire.getAgentEvent().getKind()),
                HostText.line(wire.getAgentEvent().getMessage()));
        case GAP -> new HostEvent.Gap(wire.getGap().getDropped());
        case OPPROGRESS,
            AGENTERROR,
            OSRESOURCEUSAGES,
            PROCRESOURCEUSAGES,
            EXECSCRIPTRESPONSE,
            AGENTHEALTHCHECK,
            EXECRESTRESPONSE,
            DETAILS_NOT_SET ->
            new HostEvent.Malformed(
                wire.getDetailsCase() + " (expected: an event that is numbered in this version)");
      };
    } catch (RefusedException malformed) {
      return new HostEvent.Malformed(malformed.refusal().message());
    }
  }

  private static OperationId operation(com.google.protobuf.ByteString wire) {
    return new OperationId(WireIds.uuid(wire, "operationId"));
  }

  private static AgentId agent(com.google.protobuf.ByteString wire) {
    return new AgentId(WireIds.uuid(wire, "agentId"));
  }

  private static HostEvent result(OperationResult wire) {
    OperationEvent event =
        switch (wire.getOutcome()) {
          case SUCCEEDED -> OperationEvent.HOST_SUCCEEDED;
          case FAILED -> OperationEvent.HOST_FAILED;
          case CANCELLED -> OperationEvent.HOST_CANCELLED;
          case EXPIRED -> OperationEvent.HOST_EXPIRED;
          case INTERRUPTED -> OperationEvent.HOST_INTERRUPTED;
          case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
              throw new RefusedException(
                  ErrorCode.BAD_REQUEST, "outcome: " + wire.getOutcomeValue() + " (expected: one)");
        };
    return new HostEvent.OperationSaid(
        operation(wire.getOperationId()),
        WireIds.bounded(wire.getGeneration(), LONGEST_NONCE, "generation"),
        event,
        new End(
            HostText.line(wire.getMessage()),
            processEnd(wire),
            output(wire.getOutput()),
            wire.hasStartedAt()
                ? Optional.of(WireTimes.instant(wire.getStartedAt()))
                : Optional.empty()));
  }

  private static Optional<ProcessEnd> processEnd(OperationResult wire) {
    return switch (wire.getProcessEnd().getEndCase()) {
      case EXITED -> Optional.of(new ProcessEnd.Exited(wire.getProcessEnd().getExited()));
      case SIGNALLED -> Optional.of(new ProcessEnd.Signalled(wire.getProcessEnd().getSignalled()));
      case UNKNOWN ->
          Optional.of(new ProcessEnd.Unknown(HostText.line(wire.getProcessEnd().getUnknown())));
      case NOTSTARTED ->
          Optional.of(
              new ProcessEnd.NotStarted(HostText.line(wire.getProcessEnd().getNotStarted())));
      case END_NOT_SET -> Optional.empty();
    };
  }

  /** Cut to what is kept; the total still tells how much there was. */
  private static Output output(io.easyagent.protocol.Output wire) {
    int head = Math.min(wire.getHead().size(), Output.MOST);
    int tail = Math.min(wire.getTail().size(), Output.MOST);
    return new Output(
        wire.getHead().substring(0, head).toByteArray(),
        wire.getTail().substring(wire.getTail().size() - tail).toByteArray(),
        Math.max(wire.getTotalBytes(), (long) wire.getHead().size() + wire.getTail().size()));
  }

  private ObservedAgent observed(AgentReport wire) {
    Instant now = clock.instant();
    return new ObservedAgent(
        switch (wire.getState()) {
          case STOPPED -> ObservedAgent.State.STOPPED;
          case STARTING -> ObservedAgent.State.STARTING;
          case RUNNING -> ObservedAgent.State.RUNNING;
          case STOPPING -> ObservedAgent.State.STOPPING;
          case BACKING_OFF -> ObservedAgent.State.BACKING_OFF;
          case EXITED -> ObservedAgent.State.EXITED;
          case WAITING -> ObservedAgent.State.WAITING;
          case UNRECOGNIZED ->
              throw new RefusedException(
                  ErrorCode.BAD_REQUEST, "state: " + wire.getStateValue() + " (expected: one)");
        },
        switch (wire.getHealth()) {
          case HEALTH_NONE -> ObservedAgent.Health.NONE;
          case HEALTH_UNKNOWN, UNRECOGNIZED -> ObservedAgent.Health.UNKNOWN;
          case HEALTHY -> ObservedAgent.Health.HEALTHY;
          case UNHEALTHY -> ObservedAgent.Health.UNHEALTHY;
        },
        switch (wire.getDesired()) {
          case DESIRED_RUNNING -> DesiredState.RUNNING;
          case DESIRED_STOPPED, UNRECOGNIZED -> DesiredState.STOPPED;
        },
        wire.getRevision(),
        wire.getPackageVersion().isEmpty()
            ? Optional.empty()
            : Optional.of(HostText.word(wire.getPackageVersion())),
        wire.hasSince() ? WireTimes.instant(wire.getSince()) : now,
        wire.getRestarts(),
        HostText.line(wire.getCause()),
        wire.getPid() == 0 ? Optional.empty() : Optional.of(wire.getPid()),
        nextStart(wire, now),
        conditions(wire.getConditionsList()));
  }

  /** A next try is counted from now; a next run has its time. */
  private static Optional<Instant> nextStart(AgentReport wire, Instant now) {
    if (wire.hasNextRun()) {
      return Optional.of(WireTimes.instant(wire.getNextRun()));
    }
    return wire.hasNextStartIn()
        ? Optional.of(now.plus(WireTimes.duration(wire.getNextStartIn())))
        : Optional.empty();
  }
}
