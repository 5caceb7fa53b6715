package io.easyagent.server.session.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.SecretsRequest;
import io.easyagent.protocol.SecretsResponse;
import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.secret.SecretGrant;
import io.easyagent.server.secret.SecretValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the value of a secret over the hosts' port, and who does not. */
class SecretDeliveryIT {
  private static final String VALUE = "correct horse battery staple";
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path folder;
  private CoreServer server;

  @BeforeEach
  void open() {
    server = new CoreServer(folder.resolve("server"), 0);
    for (String name : List.of("es-ingest", "other")) {
      server.secrets.set(
          name,
          SecretValue.of(VALUE.getBytes(UTF_8)),
          Optional.of(SecretGrant.of(List.of("filebeat"))),
          new AuditEntry.Origin("test", "local"));
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Command.Install install() {
    return new Command.Install(
        new StoredDefinition(
                DefinitionTexts.requireValid(
                    "{\"name\": \"filebeat\", \"user\": \"root\", \"command\": [\"/bin/sleep\"],"
                        + " \"environment\": {\"KEY\": \"{{secret.es-ingest}}\"}}"),
                Optional.empty())
            .text(),
        false);
  }

  private ControlResponse installed(FakeHost host) throws Exception {
    FakeHost.Commands commands = host.connect();
    server.accepted(host, OperationKind.INSTALL, Optional.of("filebeat"), LONG, install());
    return commands.next();
  }

  private static SecretsRequest request(
      SidecarRequestHeader header, ByteString agent, String name) {
    return SecretsRequest.newBuilder().setH(header).setAgentId(agent).addNames(name).build();
  }

  private static Status refusal(FakeHost host, SecretsRequest request) {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> host.stub().readSecrets(request));
    assertFalse(refused.toString().contains(VALUE), refused::toString);
    return refused.getStatus();
  }

  @Test
  void theValueIsInNoCommandAndIsGivenToTheAgentsHost() throws Exception {
    try (FakeHost host = server.enrol("web-1", "secrets-1")) {
      ControlResponse command = installed(host);
      assertFalse(command.toString().contains(VALUE), command::toString);

      SecretsResponse answer =
          host.stub()
              .readSecrets(
                  request(
                      host.header(), command.getInstallAgentOptions().getAgentId(), "es-ingest"));

      assertEquals(1, answer.getSecretsCount());
      assertEquals(VALUE, answer.getSecrets(0).getValue());
      assertEquals(1, answer.getSecrets(0).getVersion());
    }
  }

  @Test
  void otherHostsOtherNamesAndOtherSessionsAreRefused() throws Exception {
    try (FakeHost host = server.enrol("web-1", "secrets-1");
        FakeHost thief = server.enrol("web-2", "secrets-1")) {
      ByteString agent = installed(host).getInstallAgentOptions().getAgentId();
      FakeHost.Commands open = thief.connect();
      server.exec(thief, LONG);
      open.next();

      assertEquals(
          Status.Code.NOT_FOUND,
          refusal(thief, request(thief.header(), agent, "es-ingest")).getCode());
      assertEquals(
          Status.Code.PERMISSION_DENIED,
          refusal(thief, request(host.header(), agent, "es-ingest")).getCode());
      assertEquals(
          Status.Code.PERMISSION_DENIED,
          refusal(host, request(host.header(), agent, "other")).getCode());
      SidecarRequestHeader stale =
          host.header().toBuilder().setSessionEpoch(host.epoch - 1).build();
      assertEquals(
          Status.Code.UNAVAILABLE, refusal(host, request(stale, agent, "es-ingest")).getCode());
    }
  }

  @Test
  void aSidecarThatDoesNotKnowSecretsIsNotSentTheCommand() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      var unused = host.connect();
      Submission submission =
          server.operations.submit(
              new NewBatch(
                  OperationKind.INSTALL,
                  Optional.of("filebeat"),
                  "web-1",
                  "test",
                  LONG,
                  Optional.empty(),
                  List.of(new NewBatch.Order(new HostId(host.uuid()), install()))),
              transaction -> {});

      assertTrue(submission instanceof Submission.Refused, submission::toString);
      assertEquals(
          "the sidecar of web-1 does not understand secrets-1: it is version 2.0.0 (expected: one as"
              + " new as the server; see: install.sh of the server's version, on the host)",
          ((Submission.Refused) submission).refusal().message());
    }
  }
}
