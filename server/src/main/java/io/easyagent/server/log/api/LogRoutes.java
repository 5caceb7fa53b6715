package io.easyagent.server.log.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.definition.Shown;
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
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@code /agents/{id}/logs}. */
public final class LogRoutes {
  private final LogStreams streams;
  private final Scoped<Agents> agents;
  private final Scoped<Hosts> hosts;
  private final Audit audit;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime monotonic
   */
  public LogRoutes(
      LogStreams streams,
      Scoped<Agents> agents,
      Scoped<Hosts> hosts,
      Audit audit,
      LongSupplier nanoTime) {
    this.streams = streams;
    this.agents = agents;
    this.hosts = hosts;
    this.audit = audit;
    this.nanoTime = nanoTime;
  }

  public List<Route> routes() {
    return List.of(
        Route.api(GET, "/agents/{id}/logs", Role.OPERATOR, this::read)
            .withQuery(Set.of("tail", "from", "follow"))
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
    requireCapable(hosts.within(request.scope()).briefs(List.of(agent.host())));
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

  private static void requireCapable(List<HostBrief> host) {
    host.stream()
        .findFirst()
        .flatMap(Capability.LOG_STREAM::lacking)
        .ifPresent(reason -> {
          throw new RefusedException(ErrorCode.UNSUPPORTED_BY_HOST, reason);
        });
  }

  private static LogBegin begin(Request request) {
    OptionalLong tail = request.queryNumber("tail");
    OptionalLong from = request.queryNumber("from");
    OptionalLong last = request.headerNumber("Last-Event-ID");
    if (tail.isPresent() && from.isPresent()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "tail and from (expected: one of them, or none)");
    }
    if (last.isPresent() || from.isPresent()) {
      return new LogBegin.From(
          within(
              last.isPresent() ? "Last-Event-ID" : "from",
              last.orElseGet(from::getAsLong),
              Long.MAX_VALUE));
    }
    return tail.isPresent()
        ? new LogBegin.Tail((int) within("tail", tail.getAsLong(), LogBegin.Tail.MOST))
        : LogBegin.Tail.USUAL;
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
