package io.easyagent.sidecar.wire;

import io.easyagent.protocol.AgentReport;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.OutboxEvent.AgentReported;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Agents as they are reported. */
public final class AgentCodec {

  private AgentCodec() {}

  /** As an inventory carries it, with what a server that does not know the agent needs. */
  public static AgentReport encode(AgentRecord agent, ObservedAgent observed) {
    return encode(new AgentReported(agent, observed)).toBuilder()
        .setDefinition(DefinitionCodec.encode(agent.definition()))
        .build();
  }

  static AgentReport encode(AgentReported report) {
    ObservedAgent observed = report.observed();
    var message =
        AgentReport.newBuilder()
            .setAgentId(Fields.bytes(report.agent()))
            .setName(report.name())
            .setRevision(report.revision())
            .setPackageVersion(report.packageVersion().orElse(""))
            .setDesired(encode(report.desired()))
            .setState(
                switch (observed.state()) {
                  case STOPPED -> io.easyagent.protocol.ProcessState.STOPPED;
                  case STARTING -> io.easyagent.protocol.ProcessState.STARTING;
                  case RUNNING -> io.easyagent.protocol.ProcessState.RUNNING;
                  case STOPPING -> io.easyagent.protocol.ProcessState.STOPPING;
                  case BACKING_OFF -> io.easyagent.protocol.ProcessState.BACKING_OFF;
                  case EXITED -> io.easyagent.protocol.ProcessState.EXITED;
                  case WAITING -> io.easyagent.protocol.ProcessState.WAITING;
                })
            .setHealth(
                switch (observed.health()) {
                  case NONE -> io.easyagent.protocol.Health.HEALTH_NONE;
                  case UNKNOWN -> io.easyagent.protocol.Health.HEALTH_UNKNOWN;
                  case HEALTHY -> io.easyagent.protocol.Health.HEALTHY;
                  case UNHEALTHY -> io.easyagent.protocol.Health.UNHEALTHY;
                })
            .setSince(Fields.timestamp(observed.since()))
            .setRestarts(observed.restarts())
            .setCause(observed.cause())
            .setPid(observed.pid().orElse(0))
            .addAllConditions(observed.conditions());
    observed.nextStartIn().map(Fields::duration).ifPresent(message::setNextStartIn);
    observed.nextRun().map(Fields::timestamp).ifPresent(message::setNextRun);
    return message.build();
  }

  static AgentReported decode(AgentReport message) throws WireException {
    Optional<Duration> nextStartIn =
        message.hasNextStartIn()
            ? Optional.of(
                Fields.duration(true, message.getNextStartIn(), "agentReport.nextStartIn"))
            : Optional.empty();
    ObservedAgent observed =
        new ObservedAgent(
            switch (message.getState()) {
              case STOPPED -> ObservedAgent.State.STOPPED;
              case STARTING -> ObservedAgent.State.STARTING;
              case RUNNING -> ObservedAgent.State.RUNNING;
              case STOPPING -> ObservedAgent.State.STOPPING;
              case BACKING_OFF -> ObservedAgent.State.BACKING_OFF;
              case EXITED -> ObservedAgent.State.EXITED;
              case WAITING -> ObservedAgent.State.WAITING;
              case UNRECOGNIZED ->
                  throw WireException.unexpected(
                      "agentReport.state", message.getStateValue(), "a known state");
            },
            switch (message.getHealth()) {
              case HEALTH_NONE -> ObservedAgent.Health.NONE;
              case HEALTH_UNKNOWN -> ObservedAgent.Health.UNKNOWN;
              case HEALTHY -> ObservedAgent.Health.HEALTHY;
              case UNHEALTHY -> ObservedAgent.Health.UNHEALTHY;
              case UNRECOGNIZED ->
                  throw WireException.unexpected(
                      "agentReport.health", message.getHealthValue(), "a known health");
            },
            Fields.instant(message.hasSince(), message.getSince(), "agentReport.since"),
            message.getRestarts(),
            message.getCause(),
            message.getPid() == 0 ? OptionalInt.empty() : OptionalInt.of(message.getPid()),
            nextStartIn,
            message.getConditionsList(),
            message.hasNextRun()
                ? Optional.of(Fields.instant(true, message.getNextRun(), "agentReport.nextRun"))
                : Optional.empty());
    return new AgentReported(
        Fields.agentId(message.getAgentId(), "agentReport.agentId"),
        message.getName(),
        message.getRevision(),
        message.getPackageVersion().isEmpty()
            ? Optional.empty()
            : Optional.of(message.getPackageVersion()),
        decode(message.getDesired()),
        observed);
  }

  public static io.easyagent.protocol.DesiredState encode(DesiredState desired) {
    return switch (desired) {
      case STOPPED -> io.easyagent.protocol.DesiredState.DESIRED_STOPPED;
      case RUNNING -> io.easyagent.protocol.DesiredState.DESIRED_RUNNING;
    };
  }

  public static DesiredState decode(io.easyagent.protocol.DesiredState desired)
      throws WireException {
    return switch (desired) {
      case DESIRED_STOPPED -> DesiredState.STOPPED;
      case DESIRED_RUNNING -> DesiredState.RUNNING;
      case UNRECOGNIZED ->
          throw WireException.unexpected("desired", "unknown", "stopped or running");
    };
  }
}
