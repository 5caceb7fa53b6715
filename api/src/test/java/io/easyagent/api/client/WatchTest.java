package io.easyagent.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.easyagent.api.Event;
import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.Received;
import io.easyagent.testkit.https.ScriptedServer;
import io.easyagent.testkit.https.TestAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final String ROUTE = "GET /api/v2/events/watch";

  private final ScriptedServer server =
      ScriptedServer.start(AUTHORITY.serverWithUri("urn:easyagent:server:fleet"));
  private final EasyAgentClient client =
      new EasyAgentClient(
          new ServerConnection(
              server.address(),
              ServerTrust.Fingerprint.of(AUTHORITY.certificate()),
              Optional.of("ea_secret")),
          duration -> {});

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void resumesWhereTheConnectionBroke() throws InterruptedException {
    server.on(
        ROUTE,
        Answer.events(event(1), event(2)),
        Answer.broken(),
        Answer.json(503, "{\"code\":\"unavailable\",\"status\":503,\"retryable\":true}"),
        Answer.openEvents(": still here\n\n", event(3), "event: end\n\n"));
    assertEquals(
        List.of("1", "2", "lost", "resumed", "3", "ended"),
        signals(client.watchEvents(EventQuery.all())));
    assertEquals(
        List.of("", "2", "2", "2"),
        server.received(ROUTE).stream().map(it -> it.header("last-event-id").orElse("")).toList());
  }

  @Test
  void startsAfterAKnownEvent() throws InterruptedException {
    server.on(ROUTE, Answer.openEvents("event: end\n\n"));
    EventQuery query =
        new EventQuery(
            Optional.of("web-1"), Optional.empty(), Optional.of("exited"), Optional.of(41L));
    assertEquals(List.of("ended"), signals(client.watchEvents(query)));
    Received request = server.received(ROUTE).getFirst();
    assertEquals(Optional.of("41"), request.header("last-event-id"));
    assertEquals("/api/v2/events/watch?host=web-1&kind=exited&after=41", request.target());
  }

  @Test
  void aLogIsAskedForAsItsQuerySays() throws InterruptedException {
    UUID agent = new UUID(1, 2);
    String route = "GET /api/v2/agents/" + agent + "/logs";
    server.on(route, Answer.openEvents("event: end\n\n"));
    for (LogQuery query :
        List.of(
            LogQuery.tail(7),
            LogQuery.since("2026-11-22T15:00:00+01:00"),
            new LogQuery(Optional.of("10m"), Optional.of(7)))) {
      try (Watch<LogUpdate> watch = client.logs(agent, query, false)) {
        assertInstanceOf(WatchSignal.Ended.class, watch.poll(DEADLINE).orElseThrow());
      }
    }
    String path = "/api/v2/agents/" + agent + "/logs?";
    assertEquals(
        List.of(
            path + "tail=7&follow=false",
            path + "since=2026-11-22T15%3A00%3A00%2B01%3A00&follow=false",
            path + "since=10m&tail=7&follow=false"),
        server.received(route).stream().map(Received::target).toList());
  }

  @Test
  void aRefusalEndsIt() throws InterruptedException {
    server.on(
        ROUTE,
        Answer.json(
            403,
            "{\"code\":\"forbidden\",\"status\":403,\"title\":\"Forbidden\",\"detail\":\"viewer only\"}"));
    assertEquals(List.of("failed viewer only"), signals(client.watchEvents(EventQuery.all())));
  }

  @Test
  void nonsenseEndsIt() throws InterruptedException {
    server.on(ROUTE, Answer.openEvents("data: {\n\n"));
    try (Watch<Event> watch = client.watchEvents(EventQuery.all())) {
      WatchSignal.Failed<?> failed =
          assertInstanceOf(WatchSignal.Failed.class, watch.poll(DEADLINE).orElseThrow());
      assertInstanceOf(UnexpectedAnswerException.class, failed.why());
    }
  }

  private static List<String> signals(Watch<Event> watch) throws InterruptedException {
    List<String> seen = new ArrayList<>();
    try (watch) {
      while (true) {
        switch (watch.poll(DEADLINE).orElseThrow()) {
          case WatchSignal.Item<Event>(Event event) -> seen.add(Long.toString(event.id()));
          case WatchSignal.Lost<Event> lost -> seen.add("lost");
          case WatchSignal.Resumed<Event> resumed -> seen.add("resumed");
          case WatchSignal.Ended<Event> ended -> {
            seen.add("ended");
            return seen;
          }
          case WatchSignal.Failed<Event>(ClientException why) -> {
            seen.add("failed " + why.getMessage());
            return seen;
          }
        }
      }
    }
  }

  private static String event(long id) {
    return """
    id: %1$d
    event: event
    data: {"id":%1$d,"receivedAt":"2026-01-01T00:00:00Z","occurredAt":"2026-01-01T00:00:00Z",
    data: "kind":"exited","message":"exit 1"}

    """
        .formatted(id);
  }
}
