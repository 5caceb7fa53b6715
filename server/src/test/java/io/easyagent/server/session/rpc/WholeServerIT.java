package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.ApplyRequest;
import io.easyagent.api.ApplyResult;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Commands;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.BatchUpdate;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.IdempotencyKey;
import io.easyagent.api.client.ProblemException;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.server.Server;
import io.easyagent.server.ServerConfig;
import io.easyagent.server.Upkeep;
import io.easyagent.server.transport.TlsProbe;
import io.easyagent.testkit.Eventually;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled server between the real client and a scripted host: nothing of it is replaced. */
class WholeServerIT {
  private static final String SLEEPER =
      "name: sleeper\nuser: nobody\ncommand: [/bin/sleep, \"1000\"]\n";

  @TempDir private Path folder;

  private Server start() {
    return Server.start(
        new ServerConfig(
            folder.resolve("data"),
            "127.0.0.1",
            0,
            0,
            List.of("127.0.0.1"),
            Duration.ofSeconds(30),
            Duration.ofDays(7),
            Duration.ofMinutes(15),
            1 << 20,
            Optional.empty(),
            Upkeep.USUAL,
            Optional.empty()));
  }

  private EasyAgentClient client(Server server) throws Exception {
    return new EasyAgentClient(
        new ServerConnection(
            URI.create("https://127.0.0.1:" + server.operatorPort()),
            new ServerTrust.Fingerprint(server.fingerprint()),
            Optional.of(Files.readString(folder.resolve("data/admin.token")).strip())));
  }

  private static FakeHost enrol(Server server, EasyAgentClient client) throws Exception {
    var token =
        client.createEnrollToken(
            new EnrollTokenRequest(
                Optional.of(Map.of("role", "web")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertEquals(server.fingerprint(), token.fingerprint());
    return FakeHost.enrol(server.hostPort(), token.token().orElseThrow(), "web-1");
  }

  @Test
  void theOperatorsPortSpeaksTls12And13AndNothingOlder() throws Exception {
    try (Server server = start()) {
      for (int minor : List.of(1, 2)) {
        assertEquals(70, TlsProbe.alertForTls(server.operatorPort(), minor));
      }
      assertNotEquals(70, TlsProbe.alertForTls(server.operatorPort(), 3));
      TlsProbe.Visit visit = TlsProbe.visit(server.operatorPort(), "http/1.1");
      assertEquals("TLSv1.3", visit.protocol());
      assertEquals(1, visit.handshakes(), "the probe of the hosts' port sees a resumption");
    }
  }

  @Test
  void anApplyReachesTheHostAndItsEndIsWatched() throws Exception {
    try (Server server = start();
        EasyAgentClient client = client(server);
        FakeHost host = enrol(server, client)) {
      FakeHost.Commands commands = host.connect();
      Eventually.await(
          Duration.ofSeconds(10),
          "online",
          () -> client.host("web-1").status() == Host.Status.online);

      ApplyResult applied = client.apply(apply(SLEEPER));
      assertEquals(ApplyResult.Change.created, applied.items().getFirst().change());
      ControlResponse install = commands.next();
      assertEquals("/bin/sleep", install.getInstallAgentOptions().getDefinition().getCommand(0));
      assertTrue(install.getInstallAgentOptions().getStart());
      Batch batch = applied.batches().getFirst();
      List<String> finished = new ArrayList<>();
      try (Watch<BatchUpdate> watch = client.watchBatch(batch.id().toString())) {
        host.report(host.started(install));
        host.report(host.result(install, Outcome.SUCCEEDED, "installed"));
        for (boolean ended = false; !ended; ) {
          switch (watch.poll(Duration.ofSeconds(20)).orElseThrow()) {
            case WatchSignal.Item<BatchUpdate>(BatchUpdate.Finished(Operation operation)) ->
                finished.add(operation.state() + " " + operation.message());
            case WatchSignal.Ended<BatchUpdate> _ -> ended = true;
            case WatchSignal.Failed<BatchUpdate> failed -> throw new AssertionError(failed);
            default -> {}
          }
        }
      }
      assertEquals(List.of("succeeded installed"), finished);

      assertEquals(
          ApplyResult.Change.unchanged, client.apply(apply(SLEEPER)).items().getFirst().change());
      ApplyResult changed = client.apply(apply(SLEEPER.replace("1000", "2000")));
      assertEquals(ApplyResult.Change.changed, changed.items().getFirst().change());
      assertTrue(changed.items().getFirst().diff().contains("2000"), changed.toString());
      var agent = client.agents(AgentQuery.all()).page(10, Optional.empty()).items().getFirst();
      assertEquals(2, agent.revision());
      assertTrue(agent.drift());
      assertEquals("sleeper", agent.definition().path("name").asText());
    }
  }

  @Test
  void aSecondAgentOfTheNameIsAConflict() throws Exception {
    try (Server server = start();
        EasyAgentClient client = client(server);
        FakeHost host = enrol(server, client)) {
      host.connect();
      client.submit(install(SLEEPER));

      ProblemException refused =
          assertThrows(ProblemException.class, () -> client.submit(install(SLEEPER)));

      assertEquals("conflict", refused.problem().code());
    }
  }

  @Test
  void aRepeatedRequestGetsWhatTheFirstMadeWhateverBecameOfItsHost() throws Exception {
    IdempotencyKey installKey = IdempotencyKey.random();
    IdempotencyKey applyKey = IdempotencyKey.random();
    String other = SLEEPER.replace("sleeper", "dozer");
    try (Server server = start();
        EasyAgentClient client = client(server);
        FakeHost host = enrol(server, client)) {
      FakeHost.Commands commands = host.connect();
      Batch installed = client.submit(install(SLEEPER), installKey);
      ApplyResult applied = client.apply(apply(other), applyKey);
      host.report(host.result(commands.next(), Outcome.FAILED, "no room"));
      host.report(host.result(commands.next(), Outcome.FAILED, "no room"));
      assertEquals(installed.id(), client.submit(install(SLEEPER), installKey).id());

      client.removeHost("web-1");

      assertEquals(installed.id(), client.submit(install(SLEEPER), installKey).id());
      ApplyResult again = client.apply(apply(other), applyKey);
      assertEquals(applied.batches().getFirst().id(), again.batches().getFirst().id());
      assertEquals(
          applied.items().getFirst().operationId(), again.items().getFirst().operationId());
      assertEquals(ApplyResult.Change.failed, again.items().getFirst().change());
      assertEquals(Optional.of("no room"), again.items().getFirst().error());
      ProblemException reused =
          assertThrows(ProblemException.class, () -> client.submit(install(other), installKey));
      assertEquals("idempotency-key-reused", reused.problem().code());
      ProblemException none =
          assertThrows(ProblemException.class, () -> client.submit(install(SLEEPER)));
      assertEquals("no-host-matches", none.problem().code());
    }
  }

  @Test
  void whatWasAcceptedIsThereAfterARestart() throws Exception {
    String fingerprint;
    try (Server server = start();
        EasyAgentClient client = client(server);
        FakeHost _ = enrol(server, client)) {
      fingerprint = server.fingerprint();
      client.submit(install(SLEEPER));
    }
    try (Server server = start();
        EasyAgentClient client = client(server)) {
      assertEquals(fingerprint, server.fingerprint());
      Batch batch = client.batches().page(10, Optional.empty()).items().getFirst();
      assertEquals(Map.of(Operation.State.queued, 1L), batch.counts());
      assertEquals(1, batch.offline());
      assertTrue(
          client.audit().page(100, Optional.empty()).items().stream()
              .anyMatch(entry -> entry.action().equals("batch.install") && entry.hosts() == 1));
    }
  }

  private static ApplyRequest apply(String definition) {
    return new ApplyRequest(
        List.of(new ApplyRequest.Source("sleeper.yml", definition)),
        web(),
        Optional.empty(),
        Optional.empty());
  }

  private static BatchRequest install(String definition) {
    return new BatchRequest(
        Commands.install(definition, true), web(), Optional.empty(), Optional.empty());
  }

  private static Targets web() {
    return new Targets(Optional.empty(), Optional.of("role=web"), Optional.empty());
  }
}
