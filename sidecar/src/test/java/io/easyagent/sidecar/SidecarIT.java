package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.local.Reload;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.session.FakeServer;
import io.easyagent.sidecar.upgrade.Upgrades;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarIT {
  @TempDir Path data;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private TestAuthority authority;
  private FakeServer server;

  @BeforeEach
  void startServer() throws Exception {
    authority = new TestAuthority("fleet");
    server = new FakeServer(authority);
  }

  @AfterEach
  void stopServer() throws Exception {
    server.close();
  }

  @Test
  void anEnrolledHostRunsAndTellsItsStatus() throws Exception {
    assertEquals(0, enroll("secret\n"), err::toString);
    assertEquals("secret", server.enrolments.getFirst().getToken());
    assertTrue(!out.toString().contains("secret") && !err.toString().contains("secret"));

    try (Sidecar sidecar = start()) {
      Eventually.await(Duration.ofSeconds(10), "up", server::isUp);
      Eventually.await(
          Duration.ofSeconds(10),
          "connected",
          () -> StatusSocket.ask(data).contains("server   connected to localhost"));
      String status = StatusSocket.ask(data);
      assertTrue(status.contains("filebeat  backing-off"), status);
      assertTrue(status.contains("intake   open"), status);
      assertEquals(1, server.inventories.getFirst().getAgentsCount());
      assertThrows(IOException.class, this::start, "one sidecar per data folder");
    }
    assertThrows(IOException.class, () -> StatusSocket.ask(data));
  }

  @Test
  void aHostEnrolsOnce() throws Exception {
    assertEquals(0, enroll("secret"));
    assertEquals(1, enroll("secret"));
    assertTrue(err.toString().contains("enrolled already"), err::toString);
    assertEquals(1, server.enrolments.size());
  }

  @Test
  void anEmptyTokenIsRefusedBeforeAnythingIsSent() throws Exception {
    assertEquals(1, enroll(" \n"));
    assertEquals(List.of(), server.enrolments);
  }

  @Test
  void aHostThatIsNotEnrolledDoesNotRun() {
    IdentityException refusal = assertThrows(IdentityException.class, this::start);
    assertTrue(refusal.getMessage().contains("easyagent-sidecar enroll"), refusal::getMessage);
  }

  @Test
  void aHostThatDefinesAgentsRunsWithoutAServerAndIsGivenOneLater() throws Exception {
    AtomicInteger enrolled = new AtomicInteger(-1);
    Thread enrolling;
    try (Sidecar alone = startAlone()) {
      String status = StatusSocket.ask(data);
      assertTrue(status.contains("host     -\n"), status);
      assertTrue(status.contains("server   none: this host was never enrolled\n"), status);
      assertTrue(status.contains("intake   open\n"), status);
      enrolling =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  enrolled.set(enroll("secret"));
                } catch (Exception failure) {
                  throw new IllegalStateException(failure);
                }
              });
      Eventually.await(
          Duration.ofSeconds(20),
          "an identity waits for the sidecar",
          () -> Files.exists(data.resolve("identity.next")));
    }
    try (Sidecar member = startAlone()) {
      Eventually.await(Duration.ofSeconds(10), "up", server::isUp);
      enrolling.join();
      assertEquals(0, enrolled.get(), err::toString);
      assertTrue(out.toString().contains("the running sidecar uses it now"), out::toString);
    }
  }

  private Sidecar startAlone() throws Exception {
    Configuration usual = Configuration.USUAL;
    return Sidecar.start(
        new Configuration(
            usual.serverAddresses(),
            usual.reconnect(),
            data,
            usual.logLevel(),
            usual.policy(),
            Optional.of(data.resolve("definitions"))),
        "2.0.0",
        FakeWorkforce::new,
        UnaryOperator.identity());
  }

  @Test
  void withADamagedJournalIntakeIsStoppedAndSaid() throws Exception {
    assertEquals(0, enroll("secret"));
    start().close();
    Path journal = data.resolve("journal/journal-000000000001");
    try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
      file.seek(80);
      file.write(0x55);
    }

    try (Sidecar sidecar = start()) {
      String status = StatusSocket.ask(data);
      assertTrue(status.contains("intake   STOPPED: journal " + journal), status);
      assertTrue(status.contains("note     agents run on under their keepers"), status);
      Eventually.await(
          Duration.ofSeconds(10),
          "reported",
          () ->
              server.plainEvents.stream()
                  .anyMatch(
                      event -> event.getAgentError().getErrstr().contains("damaged at byte")));
    }
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertEquals(2, main("").run(List.of("fly")));
    assertTrue(err.toString().contains("usage: easyagent-sidecar"), err::toString);
    assertEquals(0, main("").run(List.of("version")));
    assertEquals("easyagent-sidecar development\n", out.toString());
    assertEquals(1, main("").run(List.of("status", "--data", data.toString())));
  }

  private int enroll(String token) throws Exception {
    return main(token)
        .run(
            List.of(
                "enroll",
                "--server",
                server.address().toString(),
                "--fingerprint",
                authority.fingerprint(),
                "--token-file",
                "-",
                "--data",
                data.toString()));
  }

  private SidecarMain main(String input) {
    return new SidecarMain(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        FakeWorkforce::new);
  }

  private Sidecar start() throws Exception {
    return Sidecar.start(
        Configuration.USUAL.withData(data), "2.0.0", FakeWorkforce::new, UnaryOperator.identity());
  }

  /** Keeps one agent in the journal and nothing else. */
  private record FakeWorkforce(
      HostFolders folders,
      HostFacts facts,
      Optional<UUID> hostId,
      Journal journal,
      Artifacts artifacts,
      PolicySource policy,
      SecretSource secrets,
      Optional<Path> definitions,
      Upgrades upgrades)
      implements Workforce {
    @Override
    public Reload reload() {
      return _ -> false;
    }

    @Override
    public AgentOrders orders() {
      return (_, _, _) -> new AgentOrders.Answer(false, "nothing is worked on here");
    }

    @Override
    public Set<Integer> processes(AgentRecord agent) {
      return Set.of();
    }

    @Override
    public void begin() {
      try {
        journal.append(state -> List.of(new JournalEntry.AgentKept(Samples.agent())));
      } catch (JournalException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public Operations operations() {
      return new Operations() {
        @Override
        public Intake take(TakenCommand command) {
          return new Intake.Taken();
        }

        @Override
        public void agreed(Set<OperationId> over) {}

        @Override
        public void cancel(OperationId operation) {}
      };
    }

    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return Samples.observed();
    }

    @Override
    public List<Watchdog.Part> parts() {
      return List.of();
    }

    @Override
    public Duration longestShutdown() {
      return Duration.ZERO;
    }

    @Override
    public boolean shutDown(Consumer<String> progress) {
      progress.accept("1 agent stopped");
      return true;
    }

    @Override
    public List<String> conditions() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
