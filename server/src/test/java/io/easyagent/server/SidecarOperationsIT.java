package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.Role;
import io.easyagent.server.fleet.HostId;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to sidecars, over REST. */
class SidecarOperationsIT {
  private static final String V2 = "/api/v2";
  private static final String X86 = "easyagent-sidecar-linux-x86_64";
  private static final String ARM = "easyagent-sidecar-linux-aarch64";
  private static final Set<String> CAPABLE = Set.of("definition-1", "sidecar-upgrade-1");

  @TempDir private Path folder;
  private RestServer server;
  private RestClient client;

  @BeforeEach
  void start() throws Exception {
    server = RestServer.withStoredOperations(folder.resolve("data"));
    client = new RestClient(server, OpenApi.packaged());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HostId host(String name, String architecture) {
    return server.host(name, CAPABLE, Map.of("osType", "linux", "architecture", architecture));
  }

  private int push(String name, String version, boolean signed) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name + "-" + version));
    }
    String[] headers =
        signed
            ? new String[] {"Package-Signature", Base64.getEncoder().encodeToString(new byte[64])}
            : new String[0];
    RestClient.Reply reply =
        client.send(
            "PUT",
            V2 + "/packages/" + name + "/" + version,
            BodyPublishers.ofByteArray(bytes.toByteArray()),
            server.adminToken,
            headers);
    return reply.status();
  }

  private static String upgrade(String version, String targets) {
    return "{\"command\":{\"kind\":\"upgrade-sidecar\",\"version\":\"%s\"},\"targets\":{%s}}"
        .formatted(version, targets);
  }

  private static String configure(String configuration, String targets) throws Exception {
    return "{\"command\":{\"kind\":\"configure-sidecar\",\"configuration\":%s},\"targets\":{%s}}"
        .formatted(new ObjectMapper().writeValueAsString(configuration), targets);
  }

  private RestClient.Reply post(String body, String... headers) throws Exception {
    return client.post(V2 + "/batches", body, headers);
  }

  private void assertRefused(int status, String detail, String body) throws Exception {
    RestClient.Reply reply = post(body);
    assertEquals(detail, reply.detail());
    assertEquals(status, reply.status(), reply.text());
  }

  /** State and message of each host's operation. */
  private Map<String, String> operations(RestClient.Reply batch) throws Exception {
    assertEquals(202, batch.status(), batch.text());
    Map<String, String> found = new HashMap<>();
    for (JsonNode operation :
        client
            .get(V2 + "/batches/" + batch.body().path("id").asText() + "/operations")
            .body()
            .path("items")) {
      found.put(
          operation.path("hostName").asText(),
          (operation.path("state").asText() + " " + operation.path("message").asText()).strip());
    }
    return found;
  }

  @Test
  void eachHostIsGivenItsOwnDistribution() throws Exception {
    assertEquals(201, push(X86, "2.1.0", true));
    assertEquals(201, push(ARM, "2.1.0", false));
    host("intel", "amd64");
    host("intel-2", "x86_64");
    host("arm", "aarch64");
    host("risc", "riscv64");
    server.host("silent", Map.of());
    server.host("old", Set.of("definition-1"), Map.of("osType", "linux", "architecture", "amd64"));
    server.conflictedHost("twice");

    RestClient.Reply accepted = post(upgrade("2.1.0", "\"all\":true"));

    assertEquals("upgrade-sidecar", accepted.body().path("kind").asText());
    Duration time =
        Duration.between(
            Instant.parse(accepted.body().path("createdAt").asText()),
            Instant.parse(accepted.body().path("deadline").asText()));
    assertEquals(Duration.ofMinutes(15), time);
    assertEquals(
        Map.of(
            "intel",
            "queued",
            "intel-2",
            "queued",
            "arm",
            "failed the package easyagent-sidecar-linux-aarch64@2.1.0 for arm is not signed"
                + " (expected: pushed with its signature; see: easyagent sidecar push)",
            "risc",
            "failed risc is of the platform linux-riscv64 (expected: linux-x86_64 or"
                + " linux-aarch64)",
            "silent",
            "failed silent has not said what it is (expected: a host that was connected once)",
            "old",
            "failed the sidecar of old does not understand sidecar-upgrade-1: it is version 2.0.0"
                + " (expected: one as new as the server; see: install.sh of the server's version,"
                + " on the host)",
            "twice",
            "failed host twice is conflicted: it gets no commands until an operator decides"),
        operations(accepted));
    assertEquals(
        "batch.upgrade-sidecar: --all version 2.1.0", lastAudited(), "who did it is written");
  }

  private String lastAudited() throws Exception {
    JsonNode entry = client.get(V2 + "/audit?limit=1").body().path("items").path(0);
    return entry.path("action").asText() + ": " + entry.path("subject").asText();
  }

  @Test
  void withoutADistributionForAnybodyNothingIsAccepted() throws Exception {
    host("intel", "amd64");
    assertRefused(
        404,
        "there is no package easyagent-sidecar-linux-x86_64@2.1.0 for intel (see: easyagent"
            + " sidecar push)",
        upgrade("2.1.0", "\"all\":true"));
    assertRefused(
        400,
        "command.version: ../2 (expected: 1 to 63 of letters, digits, . _ + ~ and -, beginning"
            + " with a letter or digit, without ..)",
        upgrade("../2", "\"all\":true"));
    assertRefused(
        400,
        "command.version: missing (expected with upgrade-sidecar)",
        upgrade("2.1.0", "\"all\":true").replace(",\"version\":\"2.1.0\"", ""));
    assertRefused(
        400,
        "command.agent: given (expected with upgrade-sidecar: only version)",
        upgrade("2.1.0", "\"all\":true").replace("\"version\"", "\"agent\":\"a\",\"version\""));
    assertEquals(0, client.get(V2 + "/batches").body().path("total").asInt());
  }

  @Test
  void aPackageThatAnUnfinishedUpgradeNamesStays() throws Exception {
    assertEquals(201, push(X86, "2.1.0", true));
    assertEquals(201, push(X86, "2.0.0", true));
    host("intel", "amd64");
    RestClient.Reply batch = post(upgrade("2.1.0", "\"all\":true"));
    assertEquals(202, batch.status(), batch.text());

    RestClient.Reply refused = client.delete(V2 + "/packages/" + X86 + "/2.1.0");
    assertEquals(409, refused.status());
    assertEquals(
        "easyagent-sidecar-linux-x86_64@2.1.0 is used by 1 unfinished upgrades of sidecars"
            + " (expected: none)",
        refused.detail());
    assertEquals(204, client.delete(V2 + "/packages/" + X86 + "/2.0.0").status());
    assertEquals(
        200,
        client.post(V2 + "/batches/" + batch.body().path("id").asText() + "/cancel", "").status());
    assertEquals(204, client.delete(V2 + "/packages/" + X86 + "/2.1.0").status());
  }

  @Test
  void anUnderscoreIsForSidecarsAlone() throws Exception {
    assertEquals(400, push("my_tool", "1.0", true));
    assertEquals(400, push("easyagent-sidecar-linux-x86_65", "1.0", true));
    assertEquals(201, push(X86, "1.0", true));
  }

  @Test
  void aConfigurationIsReadBeforeItIsSent() throws Exception {
    host("intel", "amd64");
    host("risc", "riscv64");
    assertRefused(
        400,
        "command.configuration: 2:3: not valid YAML: mapping values are not allowed here",
        configure("a: 1\n b: 2", "\"all\":true"));
    assertRefused(
        400,
        "command.configuration: 1:1: a list (expected: the keys of a sidecar.yaml)",
        configure("[a]", "\"all\":true"));
    assertRefused(
        400,
        "command.configuration: 70000 bytes (expected: at most 65536)",
        configure("#".repeat(70_000), "\"all\":true"));
    assertEquals(0, client.get(V2 + "/batches").body().path("total").asInt());

    assertEquals(
        Map.of("intel", "queued", "risc", "queued"),
        operations(post(configure("server: {addresses: [\"a:8890\"]}", "\"all\":true"))));
    assertEquals("batch.configure-sidecar: --all", lastAudited());
  }

  @Test
  void onlyAnAdminChangesWhatRunsAsRoot() throws Exception {
    assertEquals(201, push(X86, "2.1.0", true));
    HostId mine = host("mine", "amd64");
    host("other", "amd64");
    String operator = server.token("op", Role.OPERATOR, true);
    for (String body :
        new String[] {upgrade("2.1.0", "\"all\":true"), configure("{}", "\"all\":true")}) {
      String kind = body.contains("version") ? "upgrade-sidecar" : "configure-sidecar";
      RestClient.Reply reply =
          client.send("POST", V2 + "/batches", BodyPublishers.ofString(body), operator);
      assertEquals(403, reply.status(), reply.text());
      assertEquals(
          kind + ": the token op is for the role operator (expected: admin)", reply.detail());
    }
    String capped =
        server.token(
            new OperatorTokens.Wanted(
                "capped",
                Role.ADMIN,
                false,
                OptionalInt.of(1),
                Optional.empty(),
                Duration.ofHours(1)));
    RestClient.Reply many =
        client.send(
            "POST",
            V2 + "/batches",
            BodyPublishers.ofString(upgrade("2.1.0", "\"all\":true")),
            capped);
    assertEquals(403, many.status(), many.text());
    assertTrue(many.detail().contains("at most 1 at once"), many.detail());
    RestClient.Reply one =
        client.send(
            "POST",
            V2 + "/batches",
            BodyPublishers.ofString(upgrade("2.1.0", "\"hosts\":[\"" + mine + "\"]")),
            capped);
    assertEquals(202, one.status(), one.text());
  }

  @Test
  void theSameRequestIsAcceptedOnceAndADryRunNever() throws Exception {
    assertEquals(201, push(X86, "2.1.0", true));
    host("intel", "amd64");
    String body = upgrade("2.1.0", "\"all\":true");
    RestClient.Reply preview = post(body.replaceFirst("\\{", "{\"dryRun\":true,"));
    assertEquals(200, preview.status(), preview.text());
    assertEquals(1, preview.body().path("total").asInt());
    RestClient.Reply first = post(body, "Idempotency-Key", "key-1");
    RestClient.Reply again = post(body, "Idempotency-Key", "key-1");
    assertEquals(first.body().path("id"), again.body().path("id"));
    assertEquals(422, post(upgrade("2.1.1", "\"all\":true"), "Idempotency-Key", "key-1").status());
    assertEquals(1, client.get(V2 + "/batches").body().path("total").asInt());
  }
}
