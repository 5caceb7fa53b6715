package io.easyagent.server.log.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.definition.Shown;
import io.easyagent.definition.SinceText;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.log.LogBegin;
import io.easyagent.server.log.LogStream;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.operation.Capability;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** {@code /agents/{id}/logs}. */
public final class LogRoutes {
  private final LogStreams streams;
  private final Scoped<Agents> agents;
  private final Scoped<Hosts> hosts;
  private final Audit audit;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * @param clock the wall clock
   * @param nanoTime monotonic
   */
  public LogRoutes(
      LogStreams streams,
      Scoped<Agents> agents,
      Scoped<Hosts> hosts,
      Audit audit,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.streams = streams;
    this.agents = agents;
    this.hosts = hosts;
    this.audit = audit;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  public List<Route> routes() {
    return List.of(
        Route.api(GET, "/agents/{id}/logs", Role.OPERATOR, this::read)
            .withQuery(Set.of("tail", "since", "from", "follow"))
            .scoped());
  }

  private Answer read(Request request) {
    AgentId id = new AgentId(request.id("id", "agent"));
    LogBegin begin = begin(request);
    boolean follow = request.query("follow").map(LogRoutes::isTrue).orElse(false);
    Agents visible = agents.within(request.scope());
    Agent agent =
        visible
            .find(id)
            .orElseThrow(
                () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no agent " + id));
    requireCapable(hosts.within(request.scope()).briefs(List.of(agent.host())), begin);
    LogStream stream = streams.open(agent.host(), agent.hostName(), id, begin, follow);
    try {
      audit.announce(
          Origins.of(request),
          new AuditEntry.Act("agent.logs", agent.name() + " on " + agent.hostName(), 1));
    } catch (RuntimeException notWritten) {
      stream.close();
      throw notWritten;
    }
    return new Answer.Events(
        new LogWatch(
            stream,
            agent.name() + " on " + agent.hostName(),
            () -> visible.find(id).isPresent(),
            nanoTime));
  }

  private static void requireCapable(List<HostBrief> host, LogBegin begin) {
    Stream<Capability> needed =
        switch (begin) {
          case LogBegin.Tail _, LogBegin.From _ -> Stream.of(Capability.LOG_STREAM);
          case LogBegin.Since _ -> Stream.of(Capability.LOG_STREAM, Capability.LOG_STREAM_SINCE);
        };
    needed
        .flatMap(
            capability -> host.stream().limit(1).flatMap(each -> capability.lacking(each).stream()))
        .findFirst()
        .ifPresent(reason -> {
          throw new RefusedException(ErrorCode.UNSUPPORTED_BY_HOST, reason);
        });
  }

  private LogBegin begin(Request request) {
    OptionalInt tail =
        request.queryNumber("tail").stream()
            .mapToInt(lines -> (int) within("tail", lines, LogBegin.Tail.MOST))
            .findFirst();
    OptionalLong from = request.queryNumber("from");
    Optional<Duration> since = request.query("since").map(this::age);
    OptionalLong last = request.headerNumber("Last-Event-ID");
    if (from.isPresent() && (tail.isPresent() || since.isPresent())) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "%s and from (expected: one of them, or none)"
              .formatted(tail.isPresent() ? "tail" : "since"));
    }
    if (last.isPresent() || from.isPresent()) {
      return new LogBegin.From(
          within(
              last.isPresent() ? "Last-Event-ID" : "from",
              last.orElseGet(from::getAsLong),
              Long.MAX_VALUE));
    }
    if (since.isPresent()) {
      return new LogBegin.Since(since.get(), tail);
    }
    return tail.isPresent() ? new LogBegin.Tail(tail.getAsInt()) : LogBegin.Tail.USUAL;
  }

  private Duration age(String text) {
    SinceText since = SinceText.parse(text).orElseThrow(() -> wrong(text, SinceText.EXPECTED));
    return switch (since.age(clock.instant())) {
      case SinceText.Age.Of(Duration age) -> age;
      case SinceText.Age.OutOfRange(String expected) -> throw wrong(text, expected);
    };
  }

  private static RefusedException wrong(String since, String expected) {
    return new RefusedException(
        ErrorCode.BAD_REQUEST,
        "since: %s (expected: %s)"
            .formatted(since.isEmpty() ? "empty" : Shown.of(since), expected));
  }

  private static long within(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, name + ": " + value + " (expected: 0 to " + most + ")");
    }
    return value;
  }

  private static boolean isTrue(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RefusedException(
              ErrorCode.BAD_REQUEST, "follow: " + Shown.of(text) + " (expected: true or false)");
    };
  }
}
