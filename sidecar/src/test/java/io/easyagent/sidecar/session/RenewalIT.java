package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.journal.FakeJournal;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FakeClock;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar keeps its certificate good. The certificates here last twelve days. */
class RenewalIT {
  private static final UUID HOST = new UUID(4, 2);
  private static final Backoff FAST = new Backoff(Duration.ofMillis(20), Duration.ofMillis(50));
  private static final RenewalRule RULE =
      new RenewalRule(new Backoff(Duration.ofMinutes(1), Duration.ofHours(6)), Duration.ZERO);

  @TempDir Path data;
  private final FakeClock clock = new FakeClock(Instant.now());
  private TestAuthority authority;
  private FakeServer server;
  private IdentityFolder folder;
  private Identity enrolled;
  private Optional<Link> link = Optional.empty();
  private ServerLink servers;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority("fleet");
    server = new FakeServer(authority);
    folder = new IdentityFolder(data);
    enrolled = authority.identity(HOST, FakeServer.FLEET);
    folder.create(enrolled);
  }

  @AfterEach
  void stop() throws Exception {
    link.ifPresent(Link::close);
    server.close();
  }

  private void connect() {
    servers =
        new ServerLink(
            Channels.USUAL,
            new CurrentIdentity(folder, enrolled, clock),
            ServerAddresses.open(data, enrolled.fleetId(), List.of(server.address())),
            new Metrics().facts("2.0.0"),
            clock,
            () -> 0.5,
            FAST,
            RULE);
    FakeJournal journal = new FakeJournal();
    Link opened =
        servers.sessions(
            journal, new FakeOperations(), new View(), TestLogs.of(journal, data), new Wakeup());
    link = Optional.of(opened);
    opened.start();
  }

  private X509Certificate certificate() throws Exception {
    return folder.find().orElseThrow().certificates().getFirst();
  }

  private boolean renewed() throws Exception {
    return !certificate().equals(enrolled.certificates().getFirst());
  }

  private static void await(String description, Callable<Boolean> condition) {
    Eventually.await(Duration.ofSeconds(10), description, condition);
  }

  @Test
  void aCertificateIsRenewedOnceAThirdOfItsLifeIsOverAndTheSessionGoesOnWithIt() throws Exception {
    clock.advance(Duration.ofDays(4));
    connect();
    await("up", server::isUp);
    assertEquals(0, server.renewals.size(), "a third and half of a twelfth is 4.5 days");
    assertFalse(renewed());
    link.orElseThrow().close();

    clock.advance(Duration.ofDays(1));
    connect();

    await("renewed", this::renewed);
    await("up again", server::isUp);
    assertEquals(1, server.renewals.size());
    assertNotEquals(enrolled.key(), folder.find().orElseThrow().key());
    assertEquals(enrolled.authorities(), folder.find().orElseThrow().authorities());
  }

  @Test
  void aRenewalThatFailsDoesNotEndTheSessionAndIsTriedAgain() throws Exception {
    server.renewRefusal =
        Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("later").asRuntimeException());
    clock.advance(Duration.ofDays(5));
    connect();
    await("up", server::isUp);
    assertEquals(1, server.renewals.size());
    assertEquals(Optional.empty(), servers.renewal().condition());
    assertTrue(servers.renewal().text().contains("last try failed: RESOURCE_EXHAUSTED: later"));

    clock.advance(Duration.ofDays(2));
    assertTrue(
        servers
            .renewal()
            .condition()
            .orElseThrow()
            .contains("is not renewed: RESOURCE_EXHAUSTED: later"));
    server.renewRefusal = Optional.empty();
    // The session may have tried once more meanwhile, and the restart may cut such a try off.
    for (int tries = 0; tries < 3 && !renewed(); tries++) {
      clock.advance(Duration.ofHours(12));
      server.restart();
      await("up again", server::isUp);
    }
    assertTrue(renewed());
  }

  @Test
  void anExpiredCertificateIsRenewedBeforeASessionIsOpened() throws Exception {
    clock.advance(Duration.ofDays(13));
    server.renewRefusal =
        Optional.of(Status.UNAUTHENTICATED.withDescription("too long ago").asRuntimeException());
    connect();
    await(
        "refused",
        () ->
            link.orElseThrow().state() instanceof LinkState.Waiting waiting
                && waiting.refused()
                && waiting.reason().contains("too long ago"));
    assertEquals(0, server.registrations.size());
    assertFalse(renewed());
  }

  @Test
  void aServerThatAsksForARenewalGetsIt() throws Exception {
    Metadata hint = new Metadata();
    hint.put(Metadata.Key.of("easyagent-certificate", Metadata.ASCII_STRING_MARSHALLER), "renew");
    server.registerTrailers = hint;
    server.registerRefusal = Optional.of(Status.UNAUTHENTICATED.withDescription("superseded"));
    connect();

    await("renewed", this::renewed);

    server.registerRefusal = Optional.empty();
    await("up", server::isUp);
  }

  @Test
  void aNewAuthorityIsStoredBeforeTheInventoryAndMovedToAtOnce() throws Exception {
    TestAuthority next = new TestAuthority("fleet");
    server.announced = List.of(next, authority);
    connect();

    await("renewed", this::renewed);

    assertTrue(server.calls.indexOf("register") < server.calls.indexOf("inventory"));
    certificate().verify(next.certificate().getPublicKey());
    assertEquals(
        List.of(next.certificate(), authority.certificate()),
        folder.find().orElseThrow().authorities());
  }

  @Test
  void authoritiesThatWouldLockTheHostOutAreNotTaken() throws Exception {
    server.announced = List.of(new TestAuthority("fleet"));
    connect();
    await("up", server::isUp);
    assertEquals(enrolled.authorities(), folder.find().orElseThrow().authorities());
    assertEquals(0, server.renewals.size());
  }

  private static final class View implements HostView {
    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return Samples.observed();
    }

    @Override
    public List<String> conditions() {
      return List.of();
    }

    @Override
    public Usage usage() {
      return new Usage(0.5, 1, 2, 3, 4, List.of(), List.of(), List.of());
    }
  }
}
