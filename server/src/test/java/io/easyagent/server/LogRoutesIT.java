package io.easyagent.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Role;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogBegin;
import io.easyagent.server.log.LogEnd;
import io.easyagent.server.log.LogOrder;
import io.easyagent.server.log.LogPart;
import io.easyagent.testkit.Eventually;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators get of an agent's output over REST. */
class LogRoutesIT {
  private static final String DEFINITION =
      "name: talker\nuser: nobody\ncommand: [/bin/sleep, \"1000\"]\n";

  @TempDir private Path folder;
  private RestServer server;
  private RestClient client;
  private TalkingHost host;
  private AgentId agent;

  @BeforeEach
  void start() throws Exception {
    server = RestServer.withStoredOperations(folder.resolve("data"));
    client = new RestClient(server, OpenApi.packaged());
    HostId id = server.host("web-1", Set.of("definition-1", "log-stream-1", "log-stream-2"));
    host = new TalkingHost(server, id);
    agent = server.agent(id, DEFINITION, Optional.empty());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static LogPart part(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new LogPart(10, 10 + bytes.length, bytes);
  }

  private String path(String query) {
    return "/api/v2/agents/" + agent.value() + "/logs" + query;
  }

  private List<String> lines(String query, String... headers) throws Exception {
    try (InputStream stream = client.stream(path(query), headers)) {
      return new BufferedReader(new InputStreamReader(stream, UTF_8)).lines().toList();
    }
  }

  @Test
  void partsComeAsEventsAndTheEndIsSaid() throws Exception {
    host.answers(stream -> stream.put(part("one\ntwo\n")));

    assertEquals(
        List.of(
            ":",
            "",
            "id: 18",
            "event: log",
            "data: {\"offset\":10,\"next\":18,\"text\":\"one\\ntwo\\n\"}",
            "",
            "event: end",
            "data: {}",
            ""),
        lines(""));
    assertEquals(new LogBegin.Tail(100), host.orders.getFirst().begin());
    assertFalse(host.orders.getFirst().follow());
    assertEquals(agent, host.orders.getFirst().agent());
    assertEquals(0, server.logs.count());
  }

  @Test
  void whoComesBackGoesOnWhereItWas() throws Exception {
    host.answers(stream -> stream.put(part("")));

    lines("?tail=7&follow=true", "Last-Event-ID", "4711");
    lines("?from=12");
    lines("?tail=7&follow=true");

    assertEquals(
        List.of(new LogBegin.From(4711), new LogBegin.From(12), new LogBegin.Tail(7)),
        host.orders.stream().map(LogOrder::begin).toList());
    assertTrue(host.orders.getLast().follow());
  }

  @Test
  void sinceATimeIsAskedForAsAnAge() throws Exception {
    host.answers(stream -> stream.put(part("")));

    lines("?since=10m");
    lines("?since=1h30m&tail=7");
    Instant time = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
    lines("?since=" + time + "&follow=true");
    lines("?since=10m&tail=7", "Last-Event-ID", "4711");

    List<LogBegin> begins = host.orders.stream().map(LogOrder::begin).toList();
    assertEquals(new LogBegin.Since(Duration.ofMinutes(10), OptionalInt.empty()), begins.get(0));
    assertEquals(new LogBegin.Since(Duration.ofMinutes(90), OptionalInt.of(7)), begins.get(1));
    Duration age = assertInstanceOf(LogBegin.Since.class, begins.get(2)).age();
    assertTrue(
        age.compareTo(Duration.ofMinutes(10)) >= 0 && age.compareTo(Duration.ofMinutes(11)) < 0,
        age::toString);
    assertEquals(new LogBegin.From(4711), begins.get(3), "who comes back goes on");
  }

  @Test
  void aTimeThatIsNoneIsRefused() throws Exception {
    assertEquals(
        "since: yesterday (expected: a duration like 10m, or a time like 2026-11-22T14:00:00Z)",
        client.get(path("?since=yesterday")).detail());
    RestClient.Reply future = client.get(path("?since=2999-01-01T00:00:00Z"));
    assertEquals(400, future.status());
    assertTrue(
        future
            .detail()
            .startsWith("since: 2999-01-01T00:00:00Z (expected: a time that has come; it is 20"),
        future.detail());
    assertEquals(
        "since: 3651d (expected: at most 3650d ago)", client.get(path("?since=3651d")).detail());
    assertEquals(
        "since and from (expected: one of them, or none)",
        client.get(path("?since=10m&from=1")).detail());
    assertTrue(client.get(path("?since=")).detail().startsWith("since: empty (expected: a dur"));
    for (String query : List.of("?since=", "?since=-1m", "?since=10m&tail=10001")) {
      assertEquals(400, client.get(path(query)).status(), query);
    }
    assertEquals(List.of(), host.orders);
  }

  @Test
  void anOlderSidecarIsAskedForWhatItKnowsOnly() throws Exception {
    HostId old = server.host("old-1", Set.of("definition-1", "log-stream-1"));
    TalkingHost there = new TalkingHost(server, old);
    there.answers(stream -> stream.put(part("one\n")));
    AgentId talker = server.agent(old, DEFINITION, Optional.empty());
    String logs = "/api/v2/agents/" + talker.value() + "/logs";

    RestClient.Reply refused = client.get(logs + "?since=10m");

    assertEquals(409, refused.status());
    assertEquals("unsupported-by-host", refused.code());
    assertEquals(
        "the sidecar of old-1 does not understand log-stream-2: it is version 2.0.0 (expected: one as"
            + " new as the server; see: install.sh of the server's version, on the host)",
        refused.detail());
    assertEquals(List.of(), there.orders);
    assertEquals(200, client.get(logs + "?tail=1").status());
    assertEquals(200, client.get(logs + "?from=1").status());
  }

  @Test
  void aStreamThatBreaksHasNoEnd() throws Exception {
    host.answers(stream -> {
      stream.put(part("one\n"));
      stream.end(new LogEnd.Broken("the host's session has ended"));
    });

    List<String> lines = lines("");
    assertTrue(lines.contains("event: log"), lines::toString);
    assertFalse(lines.contains("event: end"), lines::toString);
  }

  @Test
  void theHostsLastWordIsTold() throws Exception {
    host.answers(stream -> {
      stream.put(part("one\n"));
      stream.end(new LogEnd.Stopped("the agent was uninstalled"));
    });

    List<String> lines = lines("");
    assertTrue(
        lines.containsAll(
            List.of(
                "event: stopped",
                "data: {\"reason\":\"the agent was uninstalled\"}",
                "event: end")),
        lines::toString);
  }

  @Test
  void whatIsWrongBeforeTheFirstPartIsAProblem() throws Exception {
    host.answers(stream -> stream.end(new LogEnd.Stopped("the agent is not on this host")));
    RestClient.Reply notThere = client.get(path(""));
    assertEquals(409, notThere.status());
    assertEquals("talker on web-1: the agent is not on this host", notThere.detail());

    host.answers(stream -> stream.end(new LogEnd.Broken("the host's session has ended")));
    assertEquals(503, client.get(path("")).status());

    server.sessions.clear();
    RestClient.Reply offline = client.get(path(""));
    assertEquals(503, offline.status());
    assertEquals("host web-1 is not online (expected: an online one)", offline.detail());
    assertTrue(offline.response().headers().firstValue("Retry-After").isPresent());
    assertEquals(404, client.get("/api/v2/agents/" + UUID.randomUUID() + "/logs").status());
    for (String query :
        List.of(
            "?tail=-1", "?tail=10001", "?from=-1", "?tail=1&from=1", "?follow=yes", "?tial=1")) {
      assertEquals(400, client.get(path(query)).status(), query);
    }
    assertEquals(0, server.logs.count());
  }

  @Test
  void anOlderSidecarIsNotAsked() throws Exception {
    HostId old = server.host("old-1", Set.of("definition-1"));
    TalkingHost there = new TalkingHost(server, old);
    AgentId talker = server.agent(old, DEFINITION, Optional.empty());

    RestClient.Reply refused = client.get("/api/v2/agents/" + talker.value() + "/logs");

    assertEquals(409, refused.status());
    assertEquals("unsupported-by-host", refused.code());
    assertEquals(
        "the sidecar of old-1 does not understand log-stream-1: it is version 2.0.0 (expected: one as"
            + " new as the server; see: install.sh of the server's version, on the host)",
        refused.detail());
    assertEquals(List.of(), there.orders);
  }

  @Test
  void aViewerIsRefusedAndWhoReadsIsOnRecord() throws Exception {
    assertEquals(403, client.get(path(""), server.token("v", Role.VIEWER, false)).status());
    assertEquals(List.of(), host.orders);
    host.answers(stream -> stream.put(part("one\n")));
    String operator = server.token("o", Role.OPERATOR, false);

    assertEquals(200, client.get(path(""), operator).status());

    var entry = client.get("/api/v2/audit?limit=1").body().path("items").path(0);
    assertEquals("agent.logs", entry.path("action").asText());
    assertEquals("talker on web-1", entry.path("subject").asText());
    assertEquals("o", entry.path("actor").asText());
  }

  @Test
  void readersAreBoundedAndWhoLeavesMakesRoom() throws Exception {
    host.answers(stream -> stream.put(part("one\n")));
    host.silent = true;
    List<InputStream> open = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        open.add(client.stream(path("?follow=true")));
      }
      RestClient.Reply refused = client.get(path(""));
      assertEquals(429, refused.status());
      assertTrue(refused.response().headers().firstValue("Retry-After").isPresent());
      assertEquals(
          "4 logs of host web-1 are being read (expected: fewer than 4; end some)",
          refused.detail());
    } finally {
      for (InputStream each : open) {
        each.close();
      }
    }
    Eventually.await(
        Duration.ofSeconds(20), "those who left are noticed", () -> server.logs.count() == 0);
    assertEquals(4, host.stops.size());
  }
}
