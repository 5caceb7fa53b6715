package io.easyagent.sidecar.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.protocol.AgentDefinition;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.DefinedFile;
import io.easyagent.protocol.PackageReference;
import io.easyagent.protocol.RestartRule;
import io.easyagent.protocol.StopRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Commands as the server's stream brings them. */
public final class CommandTarget implements FuzzTarget {
  private static final ByteString ID = ByteString.copyFrom(new byte[16]);

  @Override
  public List<byte[]> seeds() {
    AgentDefinition definition =
        AgentDefinition.newBuilder()
            .setName("filebeat")
            .setUser("nobody")
            .setPackage(
                PackageReference.newBuilder()
                    .setName("filebeat")
                    .setVersion("8")
                    .setSha256(ByteString.copyFrom(new byte[32]))
                    .setSize(9))
            .addCommand("{{package}}/filebeat")
            .putEnvironment("TZ", "UTC")
            .addFiles(
                DefinedFile.newBuilder()
                    .setPath("filebeat.yml")
                    .setMode(0640)
                    .setApply(DefinedFile.Apply.SIGNAL)
                    .setSignal("HUP")
                    .setTemplate("name: {{host.name}}"))
            .setRestart(
                RestartRule.newBuilder()
                    .setBackoffFirst(Duration.newBuilder().setSeconds(1))
                    .setBackoffMost(Duration.newBuilder().setSeconds(60)))
            .setStop(
                StopRule.newBuilder()
                    .setSignal("TERM")
                    .setGrace(Duration.newBuilder().setSeconds(9)))
            .build();
    return List.of(
        operation(ControlResponse.ControlCmd.INSTALL_AGENT)
            .setInstallAgentOptions(
                ControlResponse.InstallAgentOptions.newBuilder()
                    .setAgentId(ID)
                    .setDefinition(definition)
                    .setRevision(1)
                    .setStart(true))
            .build()
            .toByteArray(),
        operation(ControlResponse.ControlCmd.EXEC_SCRIPT)
            .setExecScriptOptions(
                ControlResponse.ExecScriptOptions.newBuilder()
                    .addCommand("uptime")
                    .setUser("nobody")
                    .putEnvironment("A", "b"))
            .build()
            .toByteArray(),
        operation(ControlResponse.ControlCmd.STOP_AGENT)
            .setStopAgentOptions(ControlResponse.StopAgentOptions.newBuilder().setAgentId(ID))
            .build()
            .toByteArray(),
        ControlResponse.newBuilder()
            .setCmd(ControlResponse.ControlCmd.RECONNECT)
            .setReconnectOptions(
                ControlResponse.ReconnectOptions.newBuilder()
                    .setAfter(Duration.newBuilder().setSeconds(3))
                    .setReason("the server is stopping"))
            .build()
            .toByteArray());
  }

  private static ControlResponse.Builder operation(ControlResponse.ControlCmd command) {
    return ControlResponse.newBuilder()
        .setCmd(command)
        .setOperationId(ID)
        .setDigest(ByteString.copyFrom(new byte[32]))
        .setTimeLeft(Duration.newBuilder().setSeconds(60))
        .setSessionEpoch(1)
        .setGeneration(ID);
  }

  @Override
  public void attack(byte[] input) {
    try {
      ControlResponse message = ControlResponse.parseFrom(input);
      CommandCodec.decode(message, Instant.EPOCH, "web-0002", Map.of("role", "web"));
    } catch (InvalidProtocolBufferException refused) {
      // as it must be
    } catch (WireException refused) {
      FuzzTarget.must(
          refused.getMessage() != null && refused.getMessage().length() < 2_000,
          "a message of any length");
    }
  }
}
