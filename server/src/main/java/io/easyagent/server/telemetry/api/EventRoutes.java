package io.easyagent.server.telemetry.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.server.access.Role;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostReference;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.telemetry.Event;
import io.easyagent.server.telemetry.EventQuery;
import io.easyagent.server.telemetry.Events;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.EventSink;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.Signal;
import io.easyagent.server.transport.Watchers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** {@code /events}. */
public final class EventRoutes {
  private static final Set<String> FILTERS = Set.of("host", "agent", "kind", "after");
  private static final int AT_ONCE = 200;
  private static final Duration PACE = Duration.ofMillis(50);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final History history;
  private final Scoped<Hosts> hosts;
  private final Watchers watchers;

  public EventRoutes(History history, Scoped<Hosts> hosts, Watchers watchers) {
    this.history = history;
    this.hosts = hosts;
    this.watchers = watchers;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/events", Role.VIEWER, FILTERS, this::list).scoped(),
        Route.api(GET, "/events/watch", Role.VIEWER, this::watch).withQuery(FILTERS).scoped());
  }

  private Answer list(Request request) {
    return Answer.ok(
        Pages.of(
            history.within(request.scope()).page(query(request), request.page()),
            EventRoutes::resource));
  }

  private Answer watch(Request request) {
    EventQuery query = query(request);
    OptionalLong after = request.headerNumber("Last-Event-ID");
    long from = after.isPresent() ? after.getAsLong() : query.after().orElseGet(history::lastId);
    Events events = history.within(request.scope());
    Signal signal = watchers.open();
    return new Answer.Events(sink -> {
      try (var _ = history.onAppend(signal::raise)) {
        write(events, query, from, signal, sink);
      } catch (IOException | InterruptedException | RuntimeException end) {
        throw end;
      } catch (Exception impossible) {
        throw new IllegalStateException(impossible);
      } finally {
        watchers.remove(signal);
      }
    });
  }

  /** Reads on from the last event that was written: nothing is held for a slow client. */
  private static void write(
      Events history, EventQuery query, long from, Signal signal, EventSink sink)
      throws IOException, InterruptedException {
    long last = from;
    sink.heartbeat();
    while (!signal.closed()) {
      List<Event> events = history.first(query.after(last), AT_ONCE);
      for (Event event : events) {
        sink.send("event", String.valueOf(event.id()), resource(event));
        last = event.id();
      }
      if (events.size() < AT_ONCE) {
        signal.await(PACE, HEARTBEAT);
        sink.heartbeat();
      }
    }
  }

  private EventQuery query(Request request) {
    Optional<String> agent = request.query("agent");
    Optional<UUID> agentId = agent.flatMap(Request::parseId);
    return new EventQuery(
        request
            .query("host")
            .map(text ->
                Request.parseId(text)
                    .map(HostId::new)
                    .orElseGet(
                        () -> HostReference.require(hosts.within(request.scope()), text).id())),
        agentId.map(AgentId::new),
        agentId.isPresent() ? Optional.empty() : agent,
        request.query("kind"),
        request.queryNumber("after"));
  }

  private static io.easyagent.api.Event resource(Event event) {
    return new io.easyagent.api.Event(
        event.id(),
        event.receivedAt(),
        event.occurredAt(),
        event.host().map(HostId::value),
        event.hostName(),
        event.agent().map(AgentId::value),
        event.agentName(),
        event.kind(),
        event.message());
  }
}
