package io.easyagent.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.LabelChange;
import io.easyagent.api.PackageVersion;
import io.easyagent.api.Page;
import io.easyagent.api.Targets;
import io.easyagent.api.Token;
import io.easyagent.api.TokenRequest;
import io.easyagent.api.Version;
import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.Received;
import io.easyagent.testkit.https.ScriptedServer;
import io.easyagent.testkit.https.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EasyAgentClientTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final String VERSION =
      "{\"version\":\"2.0.0\",\"fleetId\":\"f\",\"generation\":\"0a\",\"apiVersion\":\"v2\",\"new\":1}";
  private static final String BATCH =
      """
      {"id":"9f3c0000-0000-4000-8000-000000000000","kind":"restart","agent":"filebeat",
       "target":"-l role=web","createdBy":"anna","createdAt":"2026-01-01T00:00:00Z",
       "deadline":"2026-01-01T00:15:00Z","total":2,"counts":{"succeeded":1,"queued":1},
       "offline":1,"finished":false}\
      """;
  private static final String PROBLEM =
      """
      {"type":"about:blank","title":"No host matches","status":422,"detail":"no host matches role=wbe",
       "code":"no-host-matches","retryable":false,
       "errors":[{"place":"targets.selector","message":"no host matches"}]}\
      """;

  private final ScriptedServer server =
      ScriptedServer.start(AUTHORITY.serverWithUri("urn:easyagent:server:fleet"));
  private final List<Duration> pauses = new ArrayList<>();
  private final EasyAgentClient client =
      new EasyAgentClient(
          new ServerConnection(
              server.address(),
              new ServerTrust.Authority(List.of(AUTHORITY.certificate())),
              Optional.of("ea_secret")),
          pauses::add);

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void sendsTheTokenAndIgnoresWhatANewerServerAdds() {
    server.on("GET /api/v2/version", Answer.json(200, VERSION));
    assertEquals(new Version("2.0.0", "f", "0a", "v2"), client.version());
    assertEquals(
        Optional.of("Bearer ea_secret"), server.received().getFirst().header("authorization"));
  }

  @Test
  void aProblemIsThrownWithEverythingTheServerSaid() {
    server.on("POST /api/v2/batches", Answer.json(422, PROBLEM));
    ProblemException thrown = assertThrows(ProblemException.class, () -> client.submit(restart()));
    assertEquals("no-host-matches", thrown.problem().code());
    assertEquals(422, thrown.problem().status());
    assertEquals("targets.selector", thrown.problem().errors().getFirst().place());
    assertEquals("no host matches role=wbe", thrown.getMessage());
    assertEquals(1, server.received().size(), "a refusal is not asked again");
  }

  @Test
  void anAnswerThatIsNoProblemStillTellsItsStatus() {
    server.on("GET /api/v2/whoami", new Answer.Whole(502, Map.of(), "<html>\n<h1>Bad</h1>"));
    ProblemException thrown = assertThrows(ProblemException.class, client::whoami);
    assertEquals("the answer is HTTP 502: <html>", thrown.getMessage());
    assertEquals("internal", thrown.problem().code());
  }

  @Test
  void aNonsenseAnswerIsNoResult() {
    server.on("GET /api/v2/version", Answer.json(200, "[]"));
    assertThrows(UnexpectedAnswerException.class, client::version);
  }

  @Test
  void aSubmissionWhoseAnswerIsLostIsRepeatedWithTheSameKey() {
    server.on(
        "POST /api/v2/batches", Answer.broken(), Answer.json(503, busy()), Answer.json(202, BATCH));
    assertEquals("filebeat", client.submit(restart()).agent().orElseThrow());
    List<String> keys =
        server.received().stream().map(it -> it.header("idempotency-key").orElseThrow()).toList();
    assertEquals(3, keys.size());
    assertEquals(1, keys.stream().distinct().count());
    assertEquals(2, pauses.size());
    client.submit(restart());
    assertFalse(
        keys.contains(server.received().getLast().header("idempotency-key").orElseThrow()),
        "another submission has another key");
  }

  @Test
  void whatMayNotBeRepeatedIsSentOnce() {
    server.on("POST /api/v2/tokens", Answer.json(503, busy()));
    TokenRequest request =
        new TokenRequest(
            "ci",
            Token.Role.viewer,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThrows(ProblemException.class, () -> client.createToken(request));
    assertEquals(1, server.received().size());
  }

  @Test
  void givesUpAfterThreeTries() {
    server.on("GET /api/v2/version", Answer.broken());
    ConnectionException thrown = assertThrows(ConnectionException.class, client::version);
    assertEquals(ConnectionException.Reason.unreachable, thrown.reason());
    assertEquals(2, pauses.size());
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    server.close();
    ConnectionException thrown = assertThrows(ConnectionException.class, client::version);
    assertEquals(ConnectionException.Reason.unreachable, thrown.reason());
    assertEquals(server.address() + ": connection refused", thrown.getMessage());
  }

  @Test
  void listsAreFetchedPageByPage() {
    server.on(
        "GET /api/v2/packages",
        request ->
            request.target().contains("cursor=c%2B2")
                ? Answer.json(200, "{\"items\":[" + pkg("3") + "],\"total\":3}")
                : Answer.json(
                    200,
                    "{\"items\":["
                        + pkg("1")
                        + ","
                        + pkg("2")
                        + "],\"next\":\"c+2\",\"total\":3}"));
    List<String> versions = new ArrayList<>();
    client.packages(Optional.of("a b")).forEach(it -> versions.add(it.version()));
    assertEquals(List.of("1", "2", "3"), versions);
    assertEquals(
        List.of(
            "/api/v2/packages?name=a%20b&limit=500",
            "/api/v2/packages?name=a%20b&limit=500&cursor=c%2B2"),
        server.received().stream().map(Received::target).toList());

    Page<PackageVersion> two = client.packages(Optional.empty()).collect(2);
    assertEquals(2, two.items().size());
    assertEquals(Optional.of("c+2"), two.next());
    assertEquals(3, client.packages(Optional.empty()).collect(100).items().size());
  }

  @Test
  void pagesThatDoNotEndAreNoticed() {
    server.on(
        "GET /api/v2/tokens", Answer.json(200, "{\"items\":[],\"next\":\"again\",\"total\":1}"));
    assertThrows(UnexpectedAnswerException.class, () -> client.tokens().forEach(token -> {}));
  }

  @Test
  void aPackageIsSentWithItsDigest(@TempDir Path folder) throws IOException {
    Path archive = Files.writeString(folder.resolve("a.tar.gz"), "abc");
    server.on("PUT /api/v2/packages/filebeat/8.15.3%2B1", Answer.json(201, pkg("8.15.3+1")));
    assertEquals("8.15.3+1", client.pushPackage("filebeat", "8.15.3+1", archive).version());
    Received request = server.received().getFirst();
    assertEquals("abc", request.body());
    assertEquals(
        Optional.of("sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"),
        request.header("content-digest"));
  }

  @Test
  void labelsAreChanged() {
    server.on("PATCH /api/v2/hosts/web-1/labels", Answer.json(200, "{\"name\":\"web-1\"}"));
    assertEquals(
        "web-1",
        client.changeLabels("web-1", new LabelChange(Map.of("a", "b"), List.of("c"))).name());
    assertEquals("{\"set\":{\"a\":\"b\"},\"remove\":[\"c\"]}", server.received().getFirst().body());
  }

  @Test
  void deletionNeedsNoBody() {
    UUID id = new UUID(1, 2);
    server.on("DELETE /api/v2/enroll-tokens/" + id, Answer.empty(204));
    client.revokeEnrollToken(id);
    assertTrue(server.received().getFirst().body().isEmpty());
  }

  @Test
  void aPreviewAcceptsNothing() {
    server.on("POST /api/v2/batches", Answer.json(200, "{\"total\":1,\"offline\":0,\"hosts\":[]}"));
    assertEquals(1, client.preview(restart()).total());
    assertTrue(server.received().getFirst().body().contains("\"dryRun\":true"));
    assertEquals(Optional.empty(), server.received().getFirst().header("idempotency-key"));
  }

  @Test
  void anAddressIsCheckedBeforeAnythingIsSent() {
    for (String address : List.of("http://h:1", "https://h/x", "https://u@h", "h:8889")) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new ServerConnection(
                  URI.create(address),
                  new ServerTrust.Fingerprint("0".repeat(64)),
                  Optional.empty()),
          address);
    }
  }

  private static BatchRequest restart() {
    return new BatchRequest(
        Command.ofAgent(Command.Kind.restart, "filebeat"),
        new Targets(Optional.empty(), Optional.of("role=web"), Optional.empty()),
        Optional.empty(),
        Optional.empty());
  }

  private static String pkg(String version) {
    return """
    {"name":"filebeat","version":"%s","sha256":"00","size":3,
     "pushedAt":"2026-01-01T00:00:00Z","pushedBy":"anna"}\
    """
        .formatted(version);
  }

  private static String busy() {
    return """
    {"type":"about:blank","title":"Busy","status":503,"detail":"starting",
     "code":"unavailable","retryable":true,"errors":[]}\
    """;
  }
}
