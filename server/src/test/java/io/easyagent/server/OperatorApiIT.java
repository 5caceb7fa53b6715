package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogPart;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.store.Writer;
import io.easyagent.server.transport.OpenRoutes;
import io.easyagent.server.transport.Route;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operators' port over real TLS; every answer is held against the OpenAPI document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorApiIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String V2 = "/api/v2";
  private static final String SLEEPER =
      "name: sleeper\nuser: nobody\ncommand: [/bin/sleep, \"1000\"]\n";

  private static Path folder;
  private OpenApi openApi;
  private RestServer server;
  private RestClient client;
  private HostId web1;
  private HostId web2;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    openApi = OpenApi.packaged();
    server = new RestServer(folder.resolve("data"));
    client = new RestClient(server, openApi);
    web1 = server.host("web-1", Map.of("role", "web"));
    web2 = server.host("web-2", Map.of("role", "web"));
    server.host("twin", Map.of());
    server.host("twin", Map.of());
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  // ---- the document and the routes

  @Test
  void everyRouteIsInTheDocumentAndEveryOperationIsARoute() {
    Map<String, Route> routes =
        server.routes.stream()
            .collect(
                Collectors.toMap(
                    route -> route.method() + " " + route.path(),
                    route -> route,
                    (one, other) -> {
                      throw new AssertionError("twice: " + one);
                    },
                    TreeMap::new));

    assertEquals(routes.keySet(), openApi.operations().keySet());
    routes.forEach((name, route) -> {
      JsonNode operation = openApi.operations().get(name);
      assertEquals(
          route.role().map(Role::text).orElse("open"), operation.path("x-role").asText(), name);
      assertEquals(new TreeSet<>(route.query()), openApi.queryParameters(operation), name);
    });
  }

  @Test
  void everyRouteIsAuthenticatedOrOnTheShortList() throws Exception {
    assertEquals(
        Set.of(
            "/healthz",
            "/readyz",
            "/openapi.yaml",
            "/install.sh",
            "/install/linux-x86_64.tar.gz",
            "/install/linux-aarch64.tar.gz"),
        OpenRoutes.PATHS);
    try (RestServer fresh = new RestServer(folder.resolve("walk"));
        RestClient stranger = new RestClient(fresh, openApi)) {
      for (Route route : fresh.routes) {
        var reply =
            stranger.send(
                route.method().name(),
                route.path().replaceAll("\\{[a-z]+}", "x"),
                BodyPublishers.noBody(),
                "");
        boolean open = OpenRoutes.PATHS.contains(route.path());
        assertEquals(open, route.role().isEmpty(), route.path());
        assertTrue(
            open ? reply.status() == 200 : reply.status() == 401 || reply.status() == 429,
            route + " " + reply);
      }
    }
  }

  @Test
  void aNewHostIsGivenWhatTheTokensCommandNames() throws Exception {
    JsonNode created =
        client
            .send(
                "POST",
                V2 + "/enroll-tokens",
                BodyPublishers.ofString("{}"),
                server.adminToken,
                "X-Forwarded-Host",
                "evil.example.com")
            .body();
    JsonNode installation = created.path("installation");

    assertEquals("https://fleet.example.com:8889", installation.path("url").asText());
    assertEquals(
        installation.path("script").asText(), sha256(client.get("/install.sh", "").text()));
    assertEquals(2, installation.path("archives").size());
    for (JsonNode archive : installation.path("archives")) {
      String platform = archive.path("platform").asText();
      assertEquals(
          "easyagent-sidecar-2.0.0-" + platform + ".tar.gz", archive.path("file").asText());
      assertEquals(
          archive.path("sha256").asText(),
          sha256(client.get("/install/" + platform + ".tar.gz", "").text()));
    }
    assertEquals(401, client.get("/install/linux-riscv64.tar.gz", "").status());
    assertEquals(401, client.get("/install/../server.yaml", "").status());
    assertFalse(client.get(V2 + "/enroll-tokens").text().contains("installation"));
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void unknownPathsNeedATokenToo() throws Exception {
    assertEquals(404, client.get("/api/v2/nothing").status());
    assertEquals(404, client.get("/api/v3/hosts").status());
    assertEquals(
        404,
        client.send("PUT", "/api/v2/hosts", BodyPublishers.noBody(), server.adminToken).status());
  }

  @Test
  void viewersReadOperatorsCommandAdminsGiveAccess() throws Exception {
    String viewer = server.token("a-viewer", Role.VIEWER, false);
    String operator = server.token("an-operator", Role.OPERATOR, false);
    for (Route route : server.routes) {
      if (route.role().isEmpty() || route.path().endsWith("/watch")) {
        continue;
      }
      String path = route.path().replaceAll("\\{[a-z]+}", "absent");
      for (var who : Map.of(Role.VIEWER, viewer, Role.OPERATOR, operator).entrySet()) {
        var reply =
            client.send(route.method().name(), path, BodyPublishers.noBody(), who.getValue());
        boolean allowed = who.getKey().allows(route.role().get());
        assertEquals(!allowed, reply.status() == 403, who.getKey() + " " + route + " " + reply);
      }
    }
  }

  @Test
  void execIsAPermissionOfItsOwn() throws Exception {
    String operator = server.token("no-exec", Role.OPERATOR, false);
    String body = batch("{\"kind\": \"exec\", \"command\": [\"uptime\"]}", "{\"all\": true}", "");

    var reply = client.send("POST", V2 + "/batches", BodyPublishers.ofString(body), operator);

    assertEquals(403, reply.status());
    assertEquals("forbidden", reply.code());
  }

  @Test
  void tooManyFailedAuthenticationsAreHeldBack() throws Exception {
    try (RestServer fresh = new RestServer(folder.resolve("limited"));
        RestClient stranger = new RestClient(fresh, openApi)) {
      for (int failure = 0; failure < 10; failure++) {
        assertEquals(401, stranger.get(V2 + "/hosts", "ea_wrong").status());
      }
      var reply = stranger.get(V2 + "/hosts", fresh.adminToken);
      assertEquals(429, reply.status());
      assertTrue(reply.response().headers().firstValue("Retry-After").isPresent());
      assertEquals(200, stranger.get("/healthz", "").status());
    }
  }

  @Test
  void everyAnswerIsProtected() throws Exception {
    for (String path : List.of("/healthz", V2 + "/hosts", V2 + "/nothing")) {
      var headers = client.get(path).response().headers();
      assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
      assertEquals("no-store", headers.firstValue("Cache-Control").orElse(""), path);
      assertTrue(headers.firstValue("Server").isEmpty(), path);
    }
  }

  @Test
  void readinessSaysNothingElse() throws Exception {
    server.obstacles.set(List.of("the store is not writable"));
    try {
      var reply = client.get("/readyz", "");
      assertEquals(503, reply.status());
      assertEquals("not ready\n", reply.text());
    } finally {
      server.obstacles.set(List.of());
    }
  }

  // ---- bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | 400 | bad-request | not valid JSON",
        "{\"comand\": 1} | 400 | unknown-key | did you mean `command`",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"selector\": \"\"}} | 422 | no-host-matches | no host matches",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"hosts\": []}} | 422 | no-host-matches | no host matches",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {}} | 400 | bad-request | exactly one of hosts, selector and all",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"selector\": \"role=(\"}} | 400 | bad-request | selector",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"hosts\": [\"absent\"]}} | 404 | not-found | absent",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"hosts\": [\"twin\"]}} | 409 | ambiguous | twin",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"all\": true}, \"timeout\": \"0s\"} | 400 | bad-request | timeout: 0s (expected: a duration from 1s to 1d",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"all\": true}, \"timeout\": \"-5m\"} | 400 | bad-request | timeout: -5m",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"all\": true}, \"timeout\": \"25h\"} | 400 | bad-request | timeout: 25h",
        "{\"command\": {\"kind\": \"stop\"}, \"targets\": {\"all\": true}} | 400 | bad-request | command.agent: missing",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"../x\"}, \"targets\": {\"all\": true}} | 400 | bad-request | command.agent: ../x",
        "{\"command\": {\"kind\": \"stop\", \"agent\": \"a\", \"script\": \"x\"}, \"targets\": {\"all\": true}} | 400 | bad-request | command.script: given",
        "{\"command\": {\"kind\": \"exec\"}, \"targets\": {\"all\": true}} | 400 | bad-request | exactly one of command and script",
        "{\"command\": {\"kind\": \"exec\", \"command\": []}, \"targets\": {\"all\": true}} | 400 | bad-request | 0 items",
        "{\"command\": {\"kind\": \"install\", \"definition\": \"name: a\\nusr: b\"}, \"targets\": {\"all\": true}} | 400 | invalid-definition | unknown key `usr` (did you mean `user`?)",
        "{\"command\": {\"kind\": \"install\", \"definition\": \"{name: a, user: u, package: p@1, command: ['{{package}}/x']}\"}, \"targets\": {\"all\": true}} | 400 | invalid-definition | p@1 (expected: a package of the repository",
        "{\"command\": {\"kind\": \"upgrade\", \"agent\": \"absent\", \"packageVersion\": \"2\"}, \"targets\": {\"all\": true}} | 404 | not-found | no matching host has an agent absent",
      })
  void badBatchesAreRefusedAndChangeNothing(String body, int status, String code, String detail)
      throws Exception {
    int before = server.operations.accepted();

    var reply = client.post(V2 + "/batches", body);

    assertEquals(status, reply.status(), reply.text());
    assertEquals(code, reply.code());
    assertTrue(reply.text().contains(detail), reply.text());
    assertEquals(before, server.operations.accepted());
  }

  @Test
  void definitionsNameThePlace() throws Exception {
    var reply =
        client.post(
            V2 + "/apply",
            json(
                Map.of(
                    "definitions",
                    List.of(
                        Map.of(
                            "name",
                            "a.yml",
                            "text",
                            "name: a\nuser: u\ncommand: [/x]\nstop:\n  signl: HUP\n"),
                        Map.of("name", "b.yml", "text", "name: B\nuser: u\ncommand: [/x]\n")),
                    "targets",
                    Map.of("all", true))));

    assertEquals(400, reply.status());
    assertEquals("invalid-definition", reply.code());
    assertEquals(
        "a.yml:5:3 stop.signl", reply.body().path("errors").path(0).path("place").asText());
    assertEquals("b.yml:1:7 name", reply.body().path("errors").path(1).path("place").asText());
  }

  @Test
  void oversizedBodiesAreRefused() throws Exception {
    var reply = client.post(V2 + "/batches", "{\"x\": \"" + "a".repeat(1 << 20) + "\"}");

    assertEquals(413, reply.status());
    assertEquals("too-large", reply.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/hosts?limit=0 | 400 | limit: 0 (expected: 1 to 500)",
        "/hosts?limit=many | 400 | limit: many (expected: a whole number)",
        "/hosts?limt=5 | 400 | unknown query parameter limt (did you mean `limit`?)",
        "/hosts?cursor=nonsense | 400 | cursor",
        "/hosts?selector=a%3D%3D%3Db | 400 | selector",
        "/hosts/absent | 404 | there is no host absent",
        "/hosts/twin | 409 | twin stands for 2 hosts",
        "/agents/absent | 404 | there is no agent absent",
        "/agents/00000000-0000-0000-0000-000000000000 | 404 | there is no agent",
        "/batches/absent | 404 | there is no batch absent",
        "/batches/absent/operations | 404 | there is no batch absent",
        "/operations/absent | 404 | there is no operation absent",
        "/operations?state=sleeping | 400 | state: sleeping (expected: one of queued",
        "/operations?agent=x | 400 | agent: x (expected: an id",
        "/events?after=x | 400 | after: x",
      })
  void badQueriesAndUnknownIdsAreRefused(String path, int status, String detail) throws Exception {
    var reply = client.get(V2 + path);

    assertEquals(status, reply.status(), reply.text());
    assertTrue(reply.detail().contains(detail), reply.text());
  }

  @Test
  void aRefusalOfTheOperationsIsTheAnswer() throws Exception {
    HostId old = server.host("old", Map.of());
    server.operations.refuse(old, new Refusal(ErrorCode.UNSUPPORTED_BY_HOST, "needs sidecar 2.1"));

    var reply =
        client.post(
            V2 + "/batches",
            batch("{\"kind\": \"stop\", \"agent\": \"a\"}", "{\"hosts\": [\"old\"]}", ""));

    assertEquals(409, reply.status());
    assertEquals("unsupported-by-host", reply.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": \"x\", \"role\": \"root\"} | role: root (expected: one of viewer, operator, admin)",
        "{\"name\": \"x\"} | role: missing",
        "{\"name\": \"\", \"role\": \"viewer\"} | name: ",
        "{\"name\": \"x\", \"role\": \"viewer\", \"exec\": true} | exec: true (expected: false",
        "{\"name\": \"x\", \"role\": \"viewer\", \"lifetime\": \"400d\"} | lifetime: 400d",
      })
  void badTokensAreRefused(String body, String detail) throws Exception {
    var reply = client.post(V2 + "/tokens", body);

    assertEquals(400, reply.status());
    assertTrue(reply.detail().contains(detail), reply.text());
  }

  // ---- packages

  @Test
  void packagesAreCheckedAndImmutable() throws Exception {
    byte[] archive = archive("one");
    byte[] other = archive("two");

    assertEquals(201, push("tool", "1.0", archive, digest(archive)).status());
    assertEquals(200, push("tool", "1.0", archive, "").status());
    var conflict = push("tool", "1.0", other, "");
    assertEquals(409, conflict.status());
    assertTrue(conflict.detail().contains("the same bytes"), conflict.detail());
    var corrupt = push("tool", "1.1", other, digest(archive));
    assertEquals(400, corrupt.status());
    assertTrue(corrupt.detail().contains("sha256"), corrupt.detail());
    var noArchive = push("tool", "1.1", "#!/bin/sh".getBytes(StandardCharsets.UTF_8), "");
    assertEquals(400, noArchive.status());
    assertTrue(noArchive.detail().contains("no archive"), noArchive.detail());
    assertEquals(400, push("Tool", "1.1", other, "").status());
    assertEquals(400, push("tool", "..%2F..%2Fetc", other, "").status());
    byte[] large = new byte[(int) RestServer.MOST_PACKAGE_BYTES + 1];
    assertEquals(413, push("tool", "1.1", large, "").status());
    assertEquals(1, client.get(V2 + "/packages?name=tool").body().path("total").asInt());
    try (var files = Files.list(server.folder.packages())) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".receiving")));
    }
  }

  @Test
  void aSignatureComesWithItsPackageOrAfterIt() throws Exception {
    byte[] archive = archive("signed");
    assertTrue(push("signed", "1.0", archive, "").body().path("signature").isMissingNode());
    String signature = Base64.getEncoder().encodeToString(new byte[64]);
    var late = pushSigned(archive, signature);
    assertEquals(200, late.status());
    assertEquals(signature, late.body().path("signature").asText());
    assertEquals(
        signature,
        push("signed", "1.0", archive, "").body().path("signature").asText(),
        "a push without one");
    for (String wrong : List.of("", "AAAA", "*".repeat(88))) {
      var refused = pushSigned(archive, wrong);
      assertEquals(400, refused.status());
      assertTrue(
          refused.detail().contains("(expected: the 64 bytes of an Ed25519 signature in Base64)"),
          refused.detail());
    }
  }

  private RestClient.Reply pushSigned(byte[] archive, String signature) throws Exception {
    return client.send(
        "PUT",
        V2 + "/packages/signed/1.0",
        BodyPublishers.ofByteArray(archive),
        server.adminToken,
        "Package-Signature",
        signature);
  }

  @Test
  void aUsedPackageStays() throws Exception {
    byte[] archive = archive("used");
    push("used", "1.0", archive, "");
    server.agent(
        web2,
        "{name: user-of-it, user: u, package: used@1.0, command: ['{{package}}/x']}",
        Optional.of(new io.easyagent.server.agent.StoredDefinition.Archive("ab".repeat(32), 5)));

    var reply = client.delete(V2 + "/packages/used/1.0");

    assertEquals(409, reply.status());
    assertTrue(reply.detail().contains("used by 1 agents"), reply.detail());
    assertEquals(404, client.delete(V2 + "/packages/used/2.0").status());
  }

  @Test
  void aFullDiskRefusesAPackageAndNothingElse() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", small.toString());
    try (RestServer full = new RestServer(folder.resolve("full"), small);
        RestClient pusher = new RestClient(full, openApi)) {
      byte[] noise = new byte[2 << 20];
      new java.util.Random(1).nextBytes(noise);

      var reply =
          pusher.send(
              "PUT", V2 + "/packages/tool/1.0", BodyPublishers.ofByteArray(noise), full.adminToken);

      assertEquals(507, reply.status(), reply.text());
      assertEquals("storage-full", reply.code());
      assertTrue(reply.body().path("retryable").asBoolean());
      try (var files = Files.list(small)) {
        assertEquals(List.of(), files.toList());
      }
      assertEquals(
          201,
          pusher
              .send(
                  "PUT",
                  V2 + "/packages/tool/1.0",
                  BodyPublishers.ofByteArray(archive("small")),
                  full.adminToken)
              .status());
    } finally {
      run("umount", small.toString());
    }
  }

  // ---- what works

  @Test
  void theSameKeyIsTheSameBatch() throws Exception {
    String body =
        batch("{\"kind\": \"restart\", \"agent\": \"a\"}", "{\"selector\": \"role=web\"}", "");

    var first = client.post(V2 + "/batches", body, "Idempotency-Key", "k1");
    var again = client.post(V2 + "/batches", body, "Idempotency-Key", "k1");
    var other =
        client.post(V2 + "/batches", body.replace("restart", "stop"), "Idempotency-Key", "k1");

    assertEquals(202, first.status());
    assertEquals(first.body().path("id"), again.body().path("id"));
    assertEquals(422, other.status());
    assertEquals("idempotency-key-reused", other.code());
  }

  @Test
  void theSameKeyIsTheSameBatchWhenItsHostsAreGone() throws Exception {
    HostId leaving = server.host("leaving", Map.of("role", "leaving"));
    String body =
        batch("{\"kind\": \"exec\", \"command\": [\"uptime\"]}", "{\"hosts\": [\"leaving\"]}", "");
    String applied =
        json(
            Map.of(
                "definitions",
                List.of(Map.of("name", "sleeper.yml", "text", SLEEPER)),
                "targets",
                Map.of("selector", "role=leaving")));
    var first = client.post(V2 + "/batches", body, "Idempotency-Key", "leave-1");
    var firstApply = client.post(V2 + "/apply", applied, "Idempotency-Key", "leave-2");
    server.hosts.remove(leaving, Writer.Action.NOTHING);
    int accepted = server.operations.accepted();

    var again = client.post(V2 + "/batches", body, "Idempotency-Key", "leave-1");
    var againApply = client.post(V2 + "/apply", applied, "Idempotency-Key", "leave-2");

    assertEquals(202, again.status(), again.text());
    assertEquals(first.body().path("id"), again.body().path("id"));
    assertEquals(202, againApply.status(), againApply.text());
    assertEquals(firstApply.body().path("batches"), againApply.body().path("batches"));
    JsonNode item = againApply.body().path("items").path(0);
    assertEquals(leaving.toString(), item.path("hostId").asText());
    assertEquals("created", item.path("change").asText());
    assertEquals(
        firstApply.body().path("items").path(0).path("operationId"), item.path("operationId"));
    assertEquals(accepted, server.operations.accepted());
    assertEquals(404, client.post(V2 + "/batches", body).status());
    assertEquals(
        422,
        client
            .post(V2 + "/batches", body.replace("uptime", "id"), "Idempotency-Key", "leave-1")
            .status());
    assertEquals(
        422,
        client
            .post(V2 + "/apply", applied.replace("1000", "5"), "Idempotency-Key", "leave-2")
            .status());
  }

  @Test
  void anIdempotencyKeyIsBounded() throws Exception {
    var reply =
        client.post(
            V2 + "/batches",
            batch("{\"kind\": \"stop\", \"agent\": \"a\"}", "{\"all\": true}", ""),
            "Idempotency-Key",
            "k".repeat(257));

    assertEquals(400, reply.status());
    assertTrue(
        reply.detail().contains("expected: at most 256 printable characters"), reply.detail());
  }

  @Test
  void aDryRunShowsTheHostsAndAcceptsNothing() throws Exception {
    int before = server.operations.accepted();

    var reply =
        client.post(
            V2 + "/batches",
            batch(
                "{\"kind\": \"restart\", \"agent\": \"a\"}",
                "{\"selector\": \"role=web\"}",
                ", \"dryRun\": true"));

    assertEquals(200, reply.status());
    assertEquals(2, reply.body().path("total").asInt());
    assertEquals("web-1", reply.body().path("hosts").path(0).path("name").asText());
    assertEquals(before, server.operations.accepted());
  }

  @Test
  void aWatchTellsEveryEndOnceAndResumes() throws Exception {
    var accepted =
        client.post(
            V2 + "/batches",
            batch(
                "{\"kind\": \"exec\", \"command\": [\"uptime\"]}",
                "{\"selector\": \"role=web\"}",
                ""));
    String id = accepted.body().path("id").asText();

    List<String> events = new ArrayList<>();
    String lastId = "";
    try (InputStream stream = client.stream(V2 + "/batches/" + id + "/watch")) {
      BufferedReader lines = new BufferedReader(new InputStreamReader(stream));
      boolean told = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          events.add(line.substring(7));
          if (!told) {
            told = true;
            server.operations.finish(BatchId.of(id));
          }
        } else if (line.startsWith("id: ") && lastId.isEmpty()) {
          lastId = line.substring(4);
        } else if (line.startsWith("data: ") && !line.equals("data: {}")) {
          openApi.checkBody(
              "#/components/schemas/" + (events.getLast().equals("batch") ? "Batch" : "Operation"),
              line.substring(6),
              line);
        }
      }
    }

    assertEquals(2, events.stream().filter("operation"::equals).count(), events.toString());
    assertEquals("batch", events.getFirst());
    assertEquals("end", events.getLast());
    try (InputStream stream =
        client.stream(V2 + "/batches/" + id + "/watch", "Last-Event-ID", lastId)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, text.split("event: operation").length - 1, text);
    }
    var shown =
        client.get(
            V2
                + "/operations/"
                + client
                    .get(V2 + "/batches/" + id + "/operations")
                    .body()
                    .path("items")
                    .path(0)
                    .path("id")
                    .asText());
    assertEquals("hi\ufffd[0m\n", shown.body().path("output").path("head").asText());
  }

  @Test
  void eventsAreWatchedFromNowOnAndFromAnEvent() throws Exception {
    server.event(web1, "host-online");
    long before = server.history.lastId();
    try (InputStream stream = client.stream(V2 + "/events/watch?after=" + before)) {
      server.event(web1, "exited");
      BufferedReader lines = new BufferedReader(new InputStreamReader(stream));
      String line = lines.readLine();
      while (!line.startsWith("data: ")) {
        line = lines.readLine();
      }
      openApi.checkBody("#/components/schemas/Event", line.substring(6), line);
      assertTrue(line.contains("\"exited\""), line);
    }
    var page = client.get(V2 + "/events?host=web-1&kind=exited&after=" + before).body();
    assertEquals("web-1", page.path("items").path(0).path("hostName").asText());
  }

  @Test
  void applyCreatesChangesAndLeavesAlone() throws Exception {
    HostId fresh = server.host("apply-1", Map.of("role", "apply"));
    HostId same = server.host("apply-2", Map.of("role", "apply"));
    HostId other = server.host("apply-3", Map.of("role", "apply"));
    server.agent(same, SLEEPER, Optional.empty());
    server.agent(other, SLEEPER.replace("1000", "5"), Optional.empty());
    String body =
        json(
            Map.of(
                "definitions",
                List.of(Map.of("name", "sleeper.yml", "text", SLEEPER)),
                "targets",
                Map.of("selector", "role=apply")));

    var dry = client.post(V2 + "/apply", body.replaceFirst("\\{", "{\"dryRun\":true,"));
    var reply = client.post(V2 + "/apply", body, "Idempotency-Key", "apply-1");

    assertEquals(200, dry.status(), dry.text());
    assertEquals(0, dry.body().path("batches").size());
    assertEquals(202, reply.status(), reply.text());
    assertEquals(
        List.of("created", "unchanged", "changed"),
        reply.body().path("items").findValuesAsText("change"));
    String diff = reply.body().path("items").path(2).path("diff").asText();
    assertTrue(diff.contains("-  - '5'") || diff.contains("-  - \"5\""), diff);
    assertEquals(2, reply.body().path("batches").size());
    assertEquals(fresh.toString(), reply.body().path("items").path(0).path("hostId").asText());
    var none =
        client.post(
            V2 + "/apply",
            body.replace("role=apply", "role=apply,!x").replace("role=apply,!x", "role=apply"),
            "Idempotency-Key",
            "apply-1");
    assertEquals(
        reply.body().path("batches").path(0).path("id"),
        none.body().path("batches").path(0).path("id"));
  }

  @Test
  void definitionsThatAllComeAfterOneAnotherAreRefusedTogether() throws Exception {
    server.host("circle-1", Map.of("role", "circle"));
    String form = "{name: %s, user: u, command: [/bin/x], after: [%s]}";
    var reply =
        client.post(
            V2 + "/apply",
            json(
                Map.of(
                    "definitions",
                    List.of(
                        Map.of("name", "web.yml", "text", form.formatted("web", "queue")),
                        Map.of("name", "queue.yml", "text", form.formatted("queue", "web"))),
                    "targets",
                    Map.of("selector", "role=circle"))));

    assertEquals(400, reply.status(), reply.text());
    assertEquals("invalid-definition", reply.code());
    assertTrue(reply.text().contains("after: web → queue → web"), reply.text());
  }

  @Test
  void anUpgradeChangesThePackageAlone() throws Exception {
    byte[] archive = archive("v2");
    push("app", "2.0", archive, "");
    HostId host = server.host("upgraded", Map.of("role", "upgrade"));
    server.agent(
        host,
        "{name: app, user: u, package: app@1.0, command: ['{{package}}/app']}",
        Optional.of(new io.easyagent.server.agent.StoredDefinition.Archive("cd".repeat(32), 5)));

    var reply =
        client.post(
            V2 + "/batches",
            batch(
                "{\"kind\": \"upgrade\", \"agent\": \"app\", \"packageVersion\": \"2.0\"}",
                "{\"selector\": \"role=upgrade\"}",
                ""));

    assertEquals(202, reply.status(), reply.text());
    var request = server.operations.request(BatchId.of(reply.body().path("id").asText()));
    var command =
        (io.easyagent.server.operation.Command.Configure) request.orders().getFirst().command();
    assertEquals(Optional.of("app@2.0"), command.definition().packageReference());
    assertEquals(1, command.ifRevision().orElse(-1));
  }

  /** The rest of the document, so that every operation's answer has been seen. */
  @Test
  @Order(Integer.MAX_VALUE)
  void everyOperationAnswersAsDescribed() throws Exception {
    server.metrics.ofHost(web1, Map.of("load1", 0.5));
    HostId doomed = server.host("doomed", Map.of());
    client.get(V2 + "/hosts?selector=role%3Dweb&limit=1");
    client.get(V2 + "/hosts/web-1");
    var labelled =
        client.send(
            "PATCH",
            V2 + "/hosts/web-1/labels",
            BodyPublishers.ofString("{\"set\": {\"tier\": \"front\"}, \"remove\": [\"x\"]}"),
            server.adminToken);
    assertEquals("front", labelled.body().path("labels").path("tier").asText());
    client.delete(V2 + "/hosts/" + doomed);
    HostId copied = server.conflictedHost("copied");
    var shown = client.get(V2 + "/hosts/" + copied).body();
    assertEquals(2, shown.path("copies").size(), shown.toString());
    String resolve = V2 + "/hosts/" + copied + "/resolve";
    assertEquals(404, client.post(resolve, "{\"keep\": \"10.9.9.9\"}").status());
    assertEquals(409, client.post(resolve, "{\"keep\": \"10.0.0.1\"}").status(), "ambiguous");
    var resolved = client.post(resolve, "{\"keep\": \"one\"}").body();
    assertEquals("offline", resolved.path("status").asText());
    assertEquals("refused", resolved.path("copies").path(0).path("standing").asText());
    assertEquals(409, client.post(V2 + "/hosts/" + copied + "/approve", "{}").status());
    HostId pending = server.host("pending", Map.of());
    assertEquals(200, client.post(V2 + "/hosts/" + pending + "/approve", "{}").status());
    String agent = server.agent(web1, SLEEPER, Optional.empty()).toString();
    client.get(V2 + "/agents?host=web-1");
    assertEquals(
        "sleeper",
        client.get(V2 + "/agents/" + agent).body().path("definition").path("name").asText());
    String batch =
        client
            .post(
                V2 + "/batches",
                batch(
                    "{\"kind\": \"stop\", \"agent\": \"sleeper\"}",
                    "{\"selector\": \"role=web\"}",
                    ""))
            .body()
            .path("id")
            .asText();
    client.get(V2 + "/batches");
    client.get(V2 + "/batches/" + batch);
    String operation =
        client
            .get(V2 + "/operations?state=queued")
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    client.post(V2 + "/operations/" + operation + "/cancel", "");
    client.post(V2 + "/batches/" + batch + "/cancel", "");
    push("gone", "1.0", archive("gone"), "");
    client.get(V2 + "/packages");
    client.delete(V2 + "/packages/gone/1.0");
    var enroll =
        client.post(
            V2 + "/enroll-tokens",
            "{\"labels\": {\"role\": \"web\"}, \"uses\": 2, \"networks\": [\"10.0.0.0/8\"],"
                + " \"ephemeral\": true}");
    assertEquals(201, enroll.status(), enroll.text());
    assertTrue(enroll.body().path("ephemeral").asBoolean(), enroll.text());
    client.get(V2 + "/enroll-tokens");
    client.delete(V2 + "/enroll-tokens/" + enroll.body().path("id").asText());
    var token = client.post(V2 + "/tokens", "{\"name\": \"bo\", \"role\": \"viewer\"}");
    assertEquals(200, client.get(V2 + "/whoami", token.body().path("token").asText()).status());
    assertEquals(
        409, client.post(V2 + "/tokens", "{\"name\": \"bo\", \"role\": \"viewer\"}").status());
    var tokens = client.get(V2 + "/tokens");
    assertFalse(tokens.text().contains("ea_"), "secrets are shown once");
    client.delete(V2 + "/tokens/" + token.body().path("id").asText());
    assertEquals(401, client.get(V2 + "/whoami", token.body().path("token").asText()).status());
    secrets();
    client.get(V2 + "/events");
    String authority = client.get(V2 + "/authorities").body().path("pinned").asText();
    assertEquals(201, client.post(V2 + "/authorities", "").status());
    assertEquals(409, client.post(V2 + "/authorities", "").status());
    assertEquals(409, client.delete(V2 + "/authorities/" + authority).status());
    assertEquals(200, client.delete(V2 + "/authorities/" + authority + "?force=true").status());
    var audit = client.get(V2 + "/audit?limit=500");
    assertTrue(audit.text().contains("\"host.remove\""), audit.text());
    client.get(V2 + "/version");
    var metrics = client.get("/metrics");
    assertTrue(metrics.text().contains("easyagent_hosts{status=\"pending\"}"), metrics.text());
    assertTrue(metrics.text().contains("easyagent_http_requests_seconds_count"), metrics.text());
    assertTrue(metrics.text().contains("easyagent_operations{state=\"queued\"}"), metrics.text());
    assertTrue(
        metrics.text().contains("easyagent_operations_ended_total{outcome=\"succeeded\"}"),
        metrics.text());
    assertTrue(
        metrics.text().contains("easyagent_forgotten_total{what=\"outputs\"} 7.0"), metrics.text());
    client.get("/healthz", "");
    client.get("/readyz", "");
    client.get("/openapi.yaml", "");
    aNewHostIsGivenWhatTheTokensCommandNames();
    theOthers();

    assertEquals(openApi.operations().keySet(), new TreeSet<>(client.answered));
  }

  private RestClient.Reply setSecret(String path, String value, String token) throws Exception {
    return client.send("PUT", V2 + "/secrets/" + path, BodyPublishers.ofString(value), token);
  }

  private void secrets() throws Exception {
    String value = "correct horse battery staple";
    var created = setSecret("api-key?agents=filebeat,metricbeat", value, server.adminToken);
    assertEquals(201, created.status(), created.text());
    var set = setSecret("api-key", value + "!", server.adminToken);
    assertEquals(200, set.status(), set.text());
    assertEquals(2, set.body().path("version").asInt());
    assertEquals("filebeat", set.body().path("agents").path(0).asText());
    var all = setSecret("api-key?allAgents=true", value, server.adminToken);
    assertTrue(all.body().path("agents").isMissingNode(), all.text());
    var listed = client.get(V2 + "/secrets");
    var audited = client.get(V2 + "/audit?limit=500");
    for (var reply : List.of(created, set, all, listed, audited)) {
      assertFalse(reply.text().contains("battery"), reply.text());
    }
    assertEquals(204, client.delete(V2 + "/secrets/api-key").status());
    assertEquals(404, client.delete(V2 + "/secrets/api-key").status());
  }

  @Test
  void secretsAreForAdminsAndNoAnswerHasAValue() throws Exception {
    String value = "correct horse battery staple";
    String operator = server.token("secret-operator", Role.OPERATOR, true);
    assertEquals(403, setSecret("a?agents=b", value, operator).status());
    assertEquals(403, client.get(V2 + "/secrets", operator).status());
    for (String path :
        List.of("Bad?agents=b", "a", "a?agents=", "a?agents=b,B!", "a?allAgents=no", "a?agent=b")) {
      var refused = setSecret(path, value, server.adminToken);
      assertEquals(400, refused.status(), path + " " + refused.text());
      assertFalse(refused.text().contains("battery"), refused.text());
    }
    assertEquals(400, setSecret("a?agents=b", "", server.adminToken).status());
    assertEquals(413, setSecret("a?agents=b", "x".repeat(70_000), server.adminToken).status());
  }

  @Test
  void aDefinitionThatMayNotUseASecretIsRefusedWithItsPlace() throws Exception {
    setSecret("es-ingest?agents=filebeat", "correct horse", server.adminToken);
    var reply =
        client.post(
            V2 + "/apply",
            json(
                Map.of(
                    "definitions",
                    List.of(
                        Map.of(
                            "name",
                            "a.yml",
                            "text",
                            "{name: sleeper, user: u, command: [/bin/x], environment: {A:"
                                + " '{{secret.es-ingest}}', B: '{{secret.es-ingst}}'}}")),
                    "targets",
                    Map.of("all", true),
                    "dryRun",
                    true)));

    assertEquals(400, reply.status(), reply.text());
    assertEquals("invalid-definition", reply.code());
    assertTrue(
        reply
            .detail()
            .startsWith(
                "a.yml:environment.A: secret es-ingest may not be used by agent" + " sleeper"),
        reply.detail());
    assertTrue(
        reply.text().contains("there is no secret es-ingst (did you mean es-ingest?)"),
        reply.text());
  }

  /** When this test runs alone: what the others would have asked. */
  private void theOthers() throws Exception {
    JsonNode head = client.get(V2 + "/audit/head").body();
    assertTrue(
        client
            .get(
                V2
                    + "/audit/verify?sequence="
                    + head.path("sequence").asLong()
                    + "&hash="
                    + head.path("hash").asText())
            .body()
            .path("sound")
            .asBoolean());
    if (!client.answered.contains("GET " + V2 + "/batches/{id}/watch")) {
      aWatchTellsEveryEndOnceAndResumes();
      eventsAreWatchedFromNowOnAndFromAnEvent();
      applyCreatesChangesAndLeavesAlone();
    }
    HostId talking = server.host("talking-1", Set.of("log-stream-1"));
    AgentId talker = server.agent(talking, SLEEPER, Optional.empty());
    new TalkingHost(server, talking)
        .answers(stream -> stream.put(new LogPart(0, 3, "hi\n".getBytes(StandardCharsets.UTF_8))));
    client.stream(V2 + "/agents/" + talker.value() + "/logs").close();
  }

  @Test
  void pagesFollowOneAnother() throws Exception {
    List<String> names = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      JsonNode page =
          client
              .get(V2 + "/hosts?limit=2" + cursor.map(text -> "&cursor=" + text).orElse(""))
              .body();
      page.path("items").forEach(host -> names.add(host.path("id").asText()));
      cursor = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
    } while (cursor.isPresent());

    assertEquals(names.size(), Set.copyOf(names).size());
    assertTrue(names.size() >= 4, names.toString());
  }

  // ---- tools

  private RestClient.Reply push(String name, String version, byte[] bytes, String digest)
      throws Exception {
    String[] headers = digest.isEmpty() ? new String[0] : new String[] {"Content-Digest", digest};
    return client.send(
        "PUT",
        V2 + "/packages/" + name + "/" + version,
        BodyPublishers.ofByteArray(bytes),
        server.adminToken,
        headers);
  }

  private static String digest(byte[] bytes) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
  }

  private static String batch(String command, String targets, String more) {
    return "{\"command\": " + command + ", \"targets\": " + targets + more + "}";
  }

  private static String json(Object value) throws Exception {
    return MAPPER.writeValueAsString(value);
  }

  /** A tar.gz with one empty file of the name. */
  private static byte[] archive(String name) throws Exception {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 124, "00000000000\0");
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    long sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(header);
      zip.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }
}
