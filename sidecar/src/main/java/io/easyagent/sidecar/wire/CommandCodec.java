package io.easyagent.sidecar.wire;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.ControlResponse.ExecScriptOptions;
import io.easyagent.protocol.ControlResponse.OptionsCase;
import io.easyagent.protocol.ControlResponse.StartAgentOptions;
import io.easyagent.protocol.ControlResponse.StopAgentOptions;
import io.easyagent.protocol.ControlResponse.StreamLogOptions;
import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.sidecar.logstream.LogOrder;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Command.Exec;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Commands as they arrive. A command is understood as a whole or refused. */
public final class CommandCodec {

  private CommandCodec() {}

  /** What the server's stream may bring. */
  public sealed interface Received {
    record Take(TakenCommand command) implements Received {}

    record Cancel(OperationId operation) implements Received {}

    record Reconnect(Duration after, String reason) implements Received {}

    record StreamLog(LogOrder order) implements Received {}
  }

  /** Whose command it is, readable even where the rest is not. */
  public record Identity(OperationId operation, String generation) {}

  /**
   * @param now the wall clock at the command's arrival
   * @param hostName the host as operators know it
   * @param labels the host's labels as the session knows them
   * @throws WireException when any part of it is missing, unknown or not allowed
   */
  public static Received decode(
      ControlResponse message, Instant now, String hostName, Map<String, String> labels)
      throws WireException {
    return switch (message.getCmd()) {
      case CANCEL_OPERATION -> {
        require(message, OptionsCase.CANCELOPERATIONOPTIONS);
        yield new Received.Cancel(
            Fields.operationId(
                message.getCancelOperationOptions().getOperationId(),
                "cancelOperationOptions.operationId"));
      }
      case RECONNECT -> {
        require(message, OptionsCase.RECONNECTOPTIONS);
        var options = message.getReconnectOptions();
        yield new Received.Reconnect(
            options.hasAfter()
                ? Fields.duration(true, options.getAfter(), "reconnectOptions.after")
                : Duration.ZERO,
            options.getReason());
      }
      case STREAM_LOG -> {
        require(message, OptionsCase.STREAMLOGOPTIONS);
        yield new Received.StreamLog(logOrder(message.getStreamLogOptions(), now));
      }
      case INSTALL_AGENT,
          UNINSTALL_AGENT,
          UPDATE_AGENT,
          START_AGENT,
          STOP_AGENT,
          UPDATE_AGENT_CONFIG,
          UPDATE_SIDECAR,
          UPDATE_SIDECAR_CONFIG,
          EXEC_SCRIPT,
          CANCEL_AGENTS,
          EXEC_REST,
          RESTART_AGENT,
          UNRECOGNIZED ->
          new Received.Take(taken(message, now, hostName, labels));
    };
  }

  private static LogOrder logOrder(StreamLogOptions options, Instant now) throws WireException {
    LogBegin begin =
        switch (options.getBeginCase()) {
          case TAIL -> new LogBegin.Tail(lines(options.getTail(), "streamLogOptions.tail"));
          case FROM ->
              new LogBegin.From(Fields.unsigned(options.getFrom(), "streamLogOptions.from"));
          case SINCE -> since(options.getSince(), now);
          case BEGIN_NOT_SET -> throw WireException.missing("streamLogOptions.begin");
        };
    return new LogOrder(
        Fields.uuid(options.getStreamId(), "streamLogOptions.streamId"),
        Fields.agentId(options.getAgentId(), "streamLogOptions.agentId"),
        begin,
        options.getFollow());
  }

  /** A time counted on the host's own clock, be it right or wrong. */
  private static LogBegin.Since since(StreamLogOptions.Since since, Instant now)
      throws WireException {
    String field = "streamLogOptions.since.age";
    Duration age = Fields.duration(since.hasAge(), since.getAge(), field);
    if (age.compareTo(LogBegin.MOST_AGE) > 0) {
      throw WireException.unexpected(
          field, age.toSeconds() + " s", "at most " + LogBegin.MOST_AGE.toSeconds() + " s");
    }
    return new LogBegin.Since(
        now.minus(age),
        since.hasTail()
            ? OptionalInt.of(lines(since.getTail(), "streamLogOptions.since.tail"))
            : OptionalInt.empty());
  }

  private static int lines(int wire, String field) throws WireException {
    long lines = Integer.toUnsignedLong(wire);
    if (lines > LogBegin.MOST_LINES) {
      throw WireException.unexpected(field, Long.toString(lines), "0 to " + LogBegin.MOST_LINES);
    }
    return (int) lines;
  }

  /** The operation that the message would begin, when it can be told. */
  public static Optional<Identity> findIdentity(ControlResponse message) {
    if (message.getCmd() == ControlCmd.CANCEL_OPERATION
        || message.getCmd() == ControlCmd.RECONNECT
        || message.getCmd() == ControlCmd.STREAM_LOG) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Identity(
              Fields.operationId(message.getOperationId(), "operationId"),
              Fields.opaque(message.getGeneration(), "generation")));
    } catch (WireException unreadable) {
      return Optional.empty();
    }
  }

  private static TakenCommand taken(
      ControlResponse message, Instant now, String hostName, Map<String, String> labels)
      throws WireException {
    Command command = decode(message);
    CommandCheck.check(command);
    Duration timeLeft = Fields.duration(message.hasTimeLeft(), message.getTimeLeft(), "timeLeft");
    if (message.hasExecScriptOptions() && message.getExecScriptOptions().hasTimeout()) {
      Duration timeout =
          Fields.duration(
              true, message.getExecScriptOptions().getTimeout(), "execScriptOptions.timeout");
      if (timeout.isZero()) {
        throw WireException.unexpected("execScriptOptions.timeout", "0", "more than 0");
      }
      timeLeft = timeout.compareTo(timeLeft) < 0 ? timeout : timeLeft;
    }
    return new TakenCommand(
        Fields.operationId(message.getOperationId(), "operationId"),
        Fields.sha256(message.getDigest(), "digest"),
        Fields.opaque(message.getGeneration(), "generation"),
        timeLeft,
        now,
        hostName,
        labels,
        command);
  }

  /**
   * The command alone, its shape but not its contents checked: for what was checked when it came.
   */
  public static Command decode(ControlResponse message) throws WireException {
    return switch (message.getCmd()) {
      case INSTALL_AGENT -> {
        require(message, OptionsCase.INSTALLAGENTOPTIONS);
        var options = message.getInstallAgentOptions();
        yield new Command.Install(
            Fields.agentId(options.getAgentId(), "installAgentOptions.agentId"),
            definition(options.hasDefinition(), options.getDefinition(), "installAgentOptions"),
            Fields.unsigned(options.getRevision(), "installAgentOptions.revision"),
            options.getStart());
      }
      case UPDATE_AGENT_CONFIG -> {
        require(message, OptionsCase.UPDATEAGENTCONFIGOPTIONS);
        var options = message.getUpdateAgentConfigOptions();
        yield new Command.Configure(
            Fields.agentId(options.getAgentId(), "updateAgentConfigOptions.agentId"),
            definition(
                options.hasDefinition(), options.getDefinition(), "updateAgentConfigOptions"),
            Fields.unsigned(options.getRevision(), "updateAgentConfigOptions.revision"));
      }
      case START_AGENT -> {
        require(message, OptionsCase.STARTAGENTOPTIONS);
        StartAgentOptions options = message.getStartAgentOptions();
        if (options.getCpuLimit() != 0
            || options.getMemLimit() != 0
            || options.getNetLimit() != 0
            || options.getEnvironmentCount() != 0) {
          throw new WireException(
              "startAgentOptions: limits and environment (expected: none; they belong to the"
                  + " definition)");
        }
        yield new Command.Start(Fields.agentId(options.getAgentId(), "startAgentOptions.agentId"));
      }
      case STOP_AGENT -> {
        require(message, OptionsCase.STOPAGENTOPTIONS);
        StopAgentOptions options = message.getStopAgentOptions();
        if (options.getStopAgentOptionsType()
            != StopAgentOptions.StopAgentOptionsType.STOP_UNRECOVER) {
          throw WireException.unexpected(
              "stopAgentOptions.stopAgentOptionsType",
              options.getStopAgentOptionsTypeValue(),
              "STOP_UNRECOVER");
        }
        yield new Command.Stop(Fields.agentId(options.getAgentId(), "stopAgentOptions.agentId"));
      }
      case RESTART_AGENT -> {
        require(message, OptionsCase.RESTARTAGENTOPTIONS);
        yield new Command.Restart(
            Fields.agentId(
                message.getRestartAgentOptions().getAgentId(), "restartAgentOptions.agentId"));
      }
      case UNINSTALL_AGENT -> {
        require(message, OptionsCase.UNINSTALLAGENTOPTIONS);
        var options = message.getUninstallAgentOptions();
        if (!options.getUninstallScript().isEmpty() || options.getParameterCount() != 0) {
          throw new WireException(
              "uninstallAgentOptions.uninstallScript: present (expected: none; it belongs to the"
                  + " definition)");
        }
        yield new Command.Uninstall(
            Fields.agentId(options.getAgentId(), "uninstallAgentOptions.agentId"),
            options.getPurge());
      }
      case EXEC_SCRIPT -> {
        require(message, OptionsCase.EXECSCRIPTOPTIONS);
        yield exec(message.getExecScriptOptions());
      }
      case UPDATE_SIDECAR -> {
        require(message, OptionsCase.UPDATESIDECAROPTIONS);
        var options = message.getUpdateSidecarOptions();
        if (!options.hasDistribution()) {
          throw WireException.missing("updateSidecarOptions.distribution");
        }
        yield new Command.UpgradeSidecar(
            DefinitionCodec.decode(options.getDistribution(), "updateSidecarOptions.distribution"));
      }
      case UPDATE_SIDECAR_CONFIG -> {
        require(message, OptionsCase.UPDATESIDECARCONFIGOPTIONS);
        yield new Command.ConfigureSidecar(message.getUpdateSidecarConfigOptions().getContent());
      }
      case UPDATE_AGENT, CANCEL_AGENTS, EXEC_REST ->
          throw WireException.unexpected(
              "cmd", message.getCmd(), "a command that this version of the sidecar knows");
      case CANCEL_OPERATION, RECONNECT, STREAM_LOG ->
          throw new IllegalStateException(message.getCmd() + " is no operation");
      case UNRECOGNIZED ->
          throw WireException.unexpected(
              "cmd", message.getCmdValue(), "a command that this version of the sidecar knows");
    };
  }

  private static Exec exec(ExecScriptOptions options) throws WireException {
    boolean vector = options.getCommandCount() > 0;
    boolean script = !options.getExecScript().isEmpty();
    if (vector == script) {
      throw new WireException(
          "execScriptOptions: "
              + (vector ? "both" : "neither")
              + " of command and execScript"
              + " (expected: one of them)");
    }
    Optional<AgentId> agent =
        options.getAgentId().isEmpty()
            ? Optional.empty()
            : Optional.of(Fields.agentId(options.getAgentId(), "execScriptOptions.agentId"));
    if (vector && options.getParameterCount() > 0) {
      throw new WireException(
          "execScriptOptions.parameter: present (expected: none beside command)");
    }
    Exec.Work work =
        vector
            ? new Exec.Work.Arguments(options.getCommandList())
            : new Exec.Work.ShellScript(options.getExecScript(), options.getParameterList());
    Optional<String> user =
        options.getUser().isEmpty() ? Optional.empty() : Optional.of(options.getUser());
    return new Exec(agent, work, user, Map.copyOf(options.getEnvironmentMap()));
  }

  /** The command's kind and options; what belongs to the operation is not set. */
  public static ControlResponse encode(Command command) {
    var message = ControlResponse.newBuilder();
    switch (command) {
      case Command.Install install ->
          message
              .setCmd(ControlCmd.INSTALL_AGENT)
              .setInstallAgentOptions(
                  ControlResponse.InstallAgentOptions.newBuilder()
                      .setAgentId(Fields.bytes(install.agent()))
                      .setDefinition(DefinitionCodec.encode(install.definition()))
                      .setRevision(install.revision())
                      .setStart(install.start()));
      case Command.Configure configure ->
          message
              .setCmd(ControlCmd.UPDATE_AGENT_CONFIG)
              .setUpdateAgentConfigOptions(
                  ControlResponse.UpdateAgentConfigOptions.newBuilder()
                      .setAgentId(Fields.bytes(configure.agent()))
                      .setDefinition(DefinitionCodec.encode(configure.definition()))
                      .setRevision(configure.revision()));
      case Command.Start start ->
          message
              .setCmd(ControlCmd.START_AGENT)
              .setStartAgentOptions(
                  StartAgentOptions.newBuilder().setAgentId(Fields.bytes(start.agent())));
      case Command.Stop stop ->
          message
              .setCmd(ControlCmd.STOP_AGENT)
              .setStopAgentOptions(
                  StopAgentOptions.newBuilder().setAgentId(Fields.bytes(stop.agent())));
      case Command.Restart restart ->
          message
              .setCmd(ControlCmd.RESTART_AGENT)
              .setRestartAgentOptions(
                  ControlResponse.RestartAgentOptions.newBuilder()
                      .setAgentId(Fields.bytes(restart.agent())));
      case Command.Uninstall uninstall ->
          message
              .setCmd(ControlCmd.UNINSTALL_AGENT)
              .setUninstallAgentOptions(
                  ControlResponse.UninstallAgentOptions.newBuilder()
                      .setAgentId(Fields.bytes(uninstall.agent()))
                      .setPurge(uninstall.purge()));
      case Command.UpgradeSidecar upgrade ->
          message
              .setCmd(ControlCmd.UPDATE_SIDECAR)
              .setUpdateSidecarOptions(
                  ControlResponse.UpdateSidecarOptions.newBuilder()
                      .setDistribution(DefinitionCodec.encode(upgrade.distribution())));
      case Command.ConfigureSidecar configure ->
          message
              .setCmd(ControlCmd.UPDATE_SIDECAR_CONFIG)
              .setUpdateSidecarConfigOptions(
                  ControlResponse.UpdateSidecarConfigOptions.newBuilder()
                      .setContent(configure.content()));
      case Exec exec -> message.setCmd(ControlCmd.EXEC_SCRIPT).setExecScriptOptions(options(exec));
    }
    return message.build();
  }

  private static ExecScriptOptions options(Exec exec) {
    var options = ExecScriptOptions.newBuilder().putAllEnvironment(exec.environment());
    exec.agentId().map(Fields::bytes).ifPresent(options::setAgentId);
    exec.user().ifPresent(options::setUser);
    switch (exec.work()) {
      case Exec.Work.Arguments arguments -> options.addAllCommand(arguments.command());
      case Exec.Work.ShellScript script ->
          options.setExecScript(script.script()).addAllParameter(script.parameters());
    }
    return options.build();
  }

  private static AgentDefinition definition(
      boolean present, io.easyagent.protocol.AgentDefinition message, String field)
      throws WireException {
    if (!present) {
      throw WireException.missing(field + ".definition");
    }
    return DefinitionCodec.decode(message);
  }

  private static void require(ControlResponse message, OptionsCase expected) throws WireException {
    if (message.getOptionsCase() != expected) {
      throw WireException.unexpected("options", message.getOptionsCase(), expected.toString());
    }
  }
}
