package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.definition.wire.DefinitionCodec;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.ControlResponse.ExecScriptOptions;
import io.easyagent.protocol.PackageReference;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.log.LogBegin;
import io.easyagent.server.log.LogOrder;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.WorkItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;

/** Commands as hosts get them. */
final class CommandCodec {
  private static final Duration AFTER = Duration.ofSeconds(1);

  private final ByteString generation;
  private final InstantSource clock;

  /**
   * @param generation of the store, hexadecimal
   */
  CommandCodec(String generation, InstantSource clock) {
    this.generation = WireIds.bytes(generation);
    this.clock = clock;
  }

  /**
   * Everything but the time left, which is counted when the bytes leave.
   *
   * @throws IllegalArgumentException when a stored definition cannot be read
   */
  ControlResponse.Builder command(WorkItem item, Command command, long epoch) {
    ControlResponse.Builder wire =
        ControlResponse.newBuilder()
            .setOperationId(WireIds.bytes(item.id().value()))
            .setDigest(WireIds.bytes(item.digest()))
            .setSessionEpoch(epoch)
            .setGeneration(generation);
    ByteString agent =
        item.agent().map(AgentId::value).map(WireIds::bytes).orElse(ByteString.EMPTY);
    switch (command) {
      case Command.Install install -> {
        wire.setCmd(ControlCmd.INSTALL_AGENT);
        wire.getInstallAgentOptionsBuilder()
            .setAgentId(agent)
            .setName(install.definition().name())
            .setDefinition(definition(install.definition()))
            .setRevision(item.revision())
            .setStart(install.start());
      }
      case Command.Configure configure -> {
        wire.setCmd(ControlCmd.UPDATE_AGENT_CONFIG);
        wire.getUpdateAgentConfigOptionsBuilder()
            .setAgentId(agent)
            .setDefinition(definition(configure.definition()))
            .setRevision(item.revision());
      }
      case Command.Start start -> {
        wire.setCmd(ControlCmd.START_AGENT);
        wire.getStartAgentOptionsBuilder().setAgentId(agent);
      }
      case Command.Stop stop -> {
        wire.setCmd(ControlCmd.STOP_AGENT);
        wire.getStopAgentOptionsBuilder().setAgentId(agent);
      }
      case Command.Restart restart -> {
        wire.setCmd(ControlCmd.RESTART_AGENT);
        wire.getRestartAgentOptionsBuilder().setAgentId(agent);
      }
      case Command.Uninstall uninstall -> {
        wire.setCmd(ControlCmd.UNINSTALL_AGENT);
        wire.getUninstallAgentOptionsBuilder().setAgentId(agent).setPurge(uninstall.purge());
      }
      case Command.UpgradeSidecar(SidecarDistribution distribution) -> {
        wire.setCmd(ControlCmd.UPDATE_SIDECAR);
        wire.getUpdateSidecarOptionsBuilder().setDistribution(reference(distribution));
      }
      case Command.ConfigureSidecar(String configuration) -> {
        wire.setCmd(ControlCmd.UPDATE_SIDECAR_CONFIG);
        wire.getUpdateSidecarConfigOptionsBuilder().setContent(configuration);
      }
      case Command.Exec exec -> {
        wire.setCmd(ControlCmd.EXEC_SCRIPT);
        exec(wire.getExecScriptOptionsBuilder().setAgentId(agent), exec, item);
      }
    }
    return wire;
  }

  private static PackageReference reference(SidecarDistribution distribution) {
    return PackageReference.newBuilder()
        .setName(distribution.packageName())
        .setVersion(distribution.version())
        .setSha256(WireIds.bytes(distribution.sha256()))
        .setSize(distribution.size())
        .setSignature(WireIds.bytes(distribution.signature()))
        .build();
  }

  private void exec(ExecScriptOptions.Builder wire, Command.Exec exec, WorkItem item) {
    switch (exec.work()) {
      case Command.Exec.Work.Arguments arguments -> wire.addAllCommand(arguments.command());
      case Command.Exec.Work.ShellScript script ->
          wire.setExecScript(script.script()).addAllParameter(script.parameters());
    }
    exec.user().ifPresent(wire::setUser);
    wire.putAllEnvironment(exec.environment()).setTimeout(WireTimes.of(timeLeft(item)));
  }

  /** Never less than a millisecond: what is sent is for the host to expire. */
  Duration timeLeft(WorkItem item) {
    Duration left = Duration.between(clock.instant(), item.deadline());
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private static io.easyagent.protocol.AgentDefinition definition(DefinitionText text) {
    return definition(StoredDefinition.of(text));
  }

  /** The way back is {@link AdoptionCodec}'s. */
  static io.easyagent.protocol.AgentDefinition definition(StoredDefinition stored) {
    var wire = DefinitionCodec.encode(stored.definition()).toBuilder();
    stored
        .archive()
        .ifPresent(archive -> {
          wire.getPackageBuilder()
              .setSha256(WireIds.bytes(archive.sha256()))
              .setSize(archive.size());
          archive.signature().map(WireIds::bytes).ifPresent(wire.getPackageBuilder()::setSignature);
        });
    return wire.build();
  }

  ControlResponse cancel(OperationId operation, long epoch) {
    ControlResponse.Builder wire =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.CANCEL_OPERATION)
            .setSessionEpoch(epoch)
            .setGeneration(generation);
    wire.getCancelOperationOptionsBuilder().setOperationId(WireIds.bytes(operation.value()));
    return wire.build();
  }

  ControlResponse streamLog(LogOrder order, long epoch) {
    ControlResponse.Builder wire =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.STREAM_LOG)
            .setSessionEpoch(epoch)
            .setGeneration(generation);
    var options =
        wire.getStreamLogOptionsBuilder()
            .setStreamId(WireIds.bytes(order.stream()))
            .setAgentId(WireIds.bytes(order.agent().value()))
            .setFollow(order.follow());
    switch (order.begin()) {
      case LogBegin.Tail(int lines) -> options.setTail(lines);
      case LogBegin.From(long offset) -> options.setFrom(offset);
      case LogBegin.Since(Duration age, OptionalInt tail) -> {
        var since = options.getSinceBuilder().setAge(WireTimes.of(age));
        tail.ifPresent(since::setTail);
      }
    }
    return wire.build();
  }

  ControlResponse reconnect(long epoch, String reason) {
    ControlResponse.Builder wire =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.RECONNECT)
            .setSessionEpoch(epoch)
            .setGeneration(generation);
    wire.getReconnectOptionsBuilder().setAfter(WireTimes.of(AFTER)).setReason(reason);
    return wire.build();
  }
}
