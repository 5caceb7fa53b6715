package io.easyagent.server.session.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.protocol.AgentDefinition;
import io.easyagent.protocol.AgentReport;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.HealthCheck;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.KnownOperation;
import io.easyagent.protocol.NumberedEvent;
import io.easyagent.protocol.OperationResult;
import io.easyagent.protocol.OutboxPosition;
import io.easyagent.protocol.Output;
import io.easyagent.protocol.Probe;
import io.easyagent.protocol.ProcessEnd;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.session.Registration;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/** What hosts send; the first byte chooses the call. */
public final class ReportTarget implements FuzzTarget {
  private static final ByteString ID = ByteString.copyFrom(new byte[16]);

  private final ReportCodec codec = new ReportCodec(InstantSource.fixed(Instant.EPOCH));

  @Override
  public List<byte[]> seeds() {
    AgentReport agent =
        AgentReport.newBuilder()
            .setAgentId(ID)
            .setName("filebeat")
            .setCause("exit 1")
            .setPid(7)
            .addConditions("no cgroup")
            .setDefinition(
                AgentDefinition.newBuilder()
                    .setName("filebeat")
                    .setUser("nobody")
                    .addCommand("/bin/sleep")
                    .setHealth(
                        HealthCheck.newBuilder()
                            .setProbe(
                                Probe.newBuilder()
                                    .setTcp(Probe.Tcp.newBuilder().setAddress("127.0.0.1:1")))))
            .build();
    return List.of(
        seed(
            '0',
            RegisterRequest.newBuilder()
                .setOsType("linux")
                .setHost("web-0002")
                .setMachineId("m")
                .setBootId("b")
                .setNonce(ID)
                .putFacts("zone", "a")
                .build()
                .toByteArray()),
        seed(
            '1',
            Inventory.newBuilder()
                .setOutbox(OutboxPosition.newBuilder().setIncarnation(ID).setLastNumber(3))
                .addAgents(agent)
                .addOperations(KnownOperation.newBuilder().setOperationId(ID).setDigest(ID))
                .addConditions("no cgroup")
                .build()
                .toByteArray()),
        seed(
            '2',
            EventBatch.newBuilder()
                .setIncarnation(ID)
                .addEvents(
                    NumberedEvent.newBuilder()
                        .setNumber(1)
                        .setEvent(
                            Event.newBuilder()
                                .setOperationResult(
                                    OperationResult.newBuilder()
                                        .setOperationId(ID)
                                        .setOutcome(OperationResult.Outcome.FAILED)
                                        .setMessage("exit 1")
                                        .setProcessEnd(ProcessEnd.newBuilder().setExited(1))
                                        .setOutput(Output.newBuilder().setHead(ID)))))
                .addEvents(
                    NumberedEvent.newBuilder()
                        .setNumber(2)
                        .setEvent(Event.newBuilder().setAgentReport(agent)))
                .build()
                .toByteArray()));
  }

  private static byte[] seed(char call, byte[] message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(call);
    bytes.writeBytes(message);
    return bytes.toByteArray();
  }

  @Override
  public void attack(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] message = Arrays.copyOfRange(input, 1, input.length);
    try {
      switch ((input[0] & 0xff) % 3) {
        case 0 -> checkShown(codec.registration(RegisterRequest.parseFrom(message), "192.0.2.1"));
        case 1 -> codec.inventory(Inventory.parseFrom(message));
        case 2 -> {
          EventBatch batch = EventBatch.parseFrom(message);
          ReportCodec.incarnation(batch.getIncarnation());
          batch.getEventsList().forEach(codec::numbered);
        }
        default -> throw new IllegalStateException("a remainder of three is none of three");
      }
    } catch (InvalidProtocolBufferException | RefusedException refused) {
      // as it must be
    }
  }

  private static void checkShown(Registration registration) {
    registration
        .facts()
        .forEach((name, value) ->
            FuzzTarget.must(
                (name + value).chars().noneMatch(Character::isISOControl)
                    && new String(value.getBytes(UTF_8), UTF_8).equals(value),
                "not fit to be shown: " + name + " " + value));
    FuzzTarget.must(registration.facts().size() < 100, "facts without bound");
  }
}
