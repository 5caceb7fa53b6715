package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.retention.Bound;
import io.easyagent.testkit.Eventually;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is more than there may be is refused with a reason, and what was accepted stays. */
class LimitsIT {
  private static final String V2 = "/api/v2";
  private static final int MOST_UNFINISHED = 256;

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

  private RestClient.Reply exec(String targets) throws Exception {
    return client.post(
        V2 + "/batches",
        "{\"command\":{\"kind\":\"exec\",\"command\":[\"/bin/true\"]},\"targets\":{%s}}"
            .formatted(targets));
  }

  private long total(String list) throws Exception {
    return client.get(V2 + list).body().path("total").asLong();
  }

  private static void assertTryAgain(RestClient.Reply reply) {
    assertEquals(429, reply.status(), reply.text());
    assertEquals("too-many-requests", reply.code());
    long seconds =
        Long.parseLong(reply.response().headers().firstValue("Retry-After").orElse("none"));
    assertTrue(seconds > 0 && seconds <= 60, reply.text());
    assertTrue(reply.body().path("retryable").asBoolean(), reply.text());
  }

  @Test
  void aRequestForTooManyHostsIsRefusedAsAWhole() throws Exception {
    for (int i = 0; i < RestServer.BATCH_HOSTS; i++) {
      server.host("web-" + i, Map.of("role", "web"));
    }
    assertEquals(202, exec("\"all\":true").status());
    server.host("one-more", Map.of("role", "db"));

    RestClient.Reply refused = exec("\"all\":true");

    assertEquals(413, refused.status());
    assertEquals("too-large", refused.code());
    assertTrue(
        refused
            .detail()
            .startsWith("targets: 41 hosts (expected: at most 40 in one request, maxBatchHosts"),
        refused.text());
    assertEquals(
        413,
        client
            .post(
                V2 + "/apply",
                "{\"definitions\":[{\"name\":\"a.yml\",\"text\":\"name: a\\nuser: nobody\\ncommand: [/bin/true]\\n\"}],"
                    + "\"targets\":{\"all\":true}}")
            .status());
    assertEquals(1, total("/batches"));
    assertEquals(202, exec("\"selector\":\"role=web\"").status());
    assertEquals(2 * RestServer.BATCH_HOSTS, total("/operations?state=queued"));
  }

  @Test
  void aHostsQueueIsBoundedAndWhatIsInItStays() throws Exception {
    server.host("web-1", Map.of());
    server.host("web-2", Map.of());
    for (int i = 0; i < MOST_UNFINISHED; i++) {
      assertEquals(202, exec("\"hosts\":[\"web-1\"]").status());
    }

    RestClient.Reply refused = exec("\"hosts\":[\"web-1\"]");

    assertTryAgain(refused);
    assertEquals(
        "host web-1 has 256 unfinished operations (expected: fewer than 256; wait for some, or cancel them)",
        refused.detail());
    assertEquals(MOST_UNFINISHED, total("/operations?state=queued"));
    RestClient.Reply both = exec("\"all\":true");
    assertEquals(202, both.status(), "a host that has room gets its operation");
    assertEquals(1, both.body().path("counts").path("failed").asInt(), both.text());
    assertEquals(1, both.body().path("counts").path("queued").asInt(), both.text());
  }

  @Test
  void watchesAreBoundedAndThoseThatAreOpenGoOn() throws Exception {
    List<InputStream> open = new ArrayList<>();
    try {
      for (int i = 0; i < RestServer.WATCHES; i++) {
        open.add(client.stream(V2 + "/events/watch"));
      }

      RestClient.Reply refused = client.get(V2 + "/events/watch");

      assertTryAgain(refused);
      assertTrue(
          refused.detail().startsWith("20 watches are open (expected: fewer than 20, maxWatches"),
          refused.text());
      server.event(server.host("web-1", Map.of()), "exited");
      for (InputStream watch : open) {
        assertTrue(watch.read() >= 0);
      }
      open.removeLast().close();
      server.event(server.host("web-2", Map.of()), "exited");
      Eventually.await(
          Duration.ofSeconds(30),
          "a place that is free again",
          () -> {
            try {
              open.add(client.stream(V2 + "/events/watch"));
              return true;
            } catch (AssertionError full) {
              return false;
            }
          });
    } finally {
      for (InputStream watch : open) {
        watch.close();
      }
    }
  }

  @Test
  void whatIsNotKeptAnyMoreIsSaidToBe() throws Exception {
    Bound kept = RetentionRules.USUAL.operations();
    long old = System.currentTimeMillis() - kept.age().plusDays(1).toMillis();
    String id = new UUID(old << 16 | 0x7000, 0x8000_0000_0000_0001L).toString();

    for (String what : List.of("batch", "operation")) {
      String list = what.equals("batch") ? "/batches/" : "/operations/";
      RestClient.Reply gone = client.get(V2 + list + id);
      assertEquals(404, gone.status());
      assertTrue(
          gone.detail().startsWith("there is no " + what + " " + id + " any more: it was made "),
          gone.text());
      assertTrue(
          gone.detail().endsWith("; ended ones are kept for 30d, and 1,000,000 operations at most"),
          gone.text());
    }
    String recent =
        new UUID(System.currentTimeMillis() << 16 | 0x7000, 0x8000_0000_0000_0001L).toString();
    assertEquals(
        "there is no batch %s (ended ones are kept for 30d, and 1,000,000 operations at most)"
            .formatted(recent),
        client.get(V2 + "/batches/" + recent).detail());
    assertEquals("there is no batch nonsense", client.get(V2 + "/batches/nonsense").detail());
  }
}
