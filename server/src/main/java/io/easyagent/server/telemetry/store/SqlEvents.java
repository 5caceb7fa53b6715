package io.easyagent.server.telemetry.store;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.SelectorCondition;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.telemetry.Event;
import io.easyagent.server.telemetry.EventQuery;
import io.easyagent.server.telemetry.EventStore;
import io.easyagent.server.telemetry.NewEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The history in the table {@code event}. The names of host and agent are kept with it: they may
 * go.
 */
public final class SqlEvents implements EventStore {
  @Override
  public void insert(Transaction transaction, long id, NewEvent event) {
    String host = event.host().map(HostId::toString).orElse(null);
    String agent = event.agent().map(AgentId::toString).orElse(null);
    transaction
        .handle()
        .execute(
            "INSERT INTO event (id, received_at, occurred_at, host_id, host_name, agent_id,"
                + " agent_name, kind, message) VALUES (?, ?, ?, ?, (SELECT name FROM host WHERE id ="
                + " ?), ?, (SELECT name FROM agent WHERE id = ?), ?, ?)",
            id,
            event.receivedAt().toEpochMilli(),
            event.occurredAt().toEpochMilli(),
            host,
            host,
            agent,
            agent,
            event.kind(),
            event.message());
  }

  @Override
  public long lastId(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT COALESCE(MAX(id), 0) FROM event")
        .mapTo(Long.class)
        .one();
  }

  @Override
  public Page<Event> page(
      Transaction transaction, Scope scope, EventQuery query, PageRequest request) {
    Filter filter = new Filter(transaction, scope, query);
    boolean ascending = query.after().isPresent();
    String total = "SELECT COUNT(*) FROM event WHERE " + filter.condition();
    long count = filter.bind(transaction.handle().createQuery(total)).mapTo(Long.class).one();
    long after =
        request.after(1).map(key -> number(key.getFirst())).orElse(ascending ? 0L : Long.MAX_VALUE);
    String sql =
        "SELECT * FROM event WHERE "
            + filter.condition()
            + (ascending ? " AND id > :page ORDER BY id" : " AND id < :page ORDER BY id DESC")
            + " LIMIT :limit";
    List<Event> found =
        filter
            .bind(transaction.handle().createQuery(sql))
            .bind("page", after)
            .bind("limit", request.limit() + 1)
            .map(SqlEvents::read)
            .list();
    return Page.of(found, request, count, event -> List.of(String.valueOf(event.id())));
  }

  @Override
  public List<Event> first(Transaction transaction, Scope scope, EventQuery query, int limit) {
    Filter filter = new Filter(transaction, scope, query);
    String sql = "SELECT * FROM event WHERE " + filter.condition() + " ORDER BY id LIMIT :limit";
    return filter
        .bind(transaction.handle().createQuery(sql))
        .bind("limit", limit)
        .map(SqlEvents::read)
        .list();
  }

  /** Only the oldest few are looked at: where there is nothing to remove, that takes no longer. */
  @Override
  public int removeOldest(Transaction transaction, long keep, Instant receivedBefore, int most) {
    long last = lastId(transaction);
    return transaction
        .handle()
        .execute(
            "DELETE FROM event WHERE id IN (SELECT id FROM (SELECT id, received_at FROM event"
                + " ORDER BY id LIMIT ?) oldest WHERE id < ? AND (id <= ? OR received_at < ?))",
            most,
            last,
            last - keep,
            receivedBefore.toEpochMilli());
  }

  private static final class Filter {
    private final List<String> conditions = new ArrayList<>(List.of("1 = 1"));
    private final Map<String, Object> values = new LinkedHashMap<>();

    Filter(Transaction transaction, Scope scope, EventQuery query) {
      SelectorCondition condition = SelectorCondition.of(scope, "event.host_id");
      conditions.add(condition.sql());
      values.putAll(condition.bindings());
      query
          .host()
          .map(HostId::toString)
          .or(() -> query.agent().flatMap(agent -> host(transaction, agent)))
          .ifPresent(host -> add("host_id = :host", "host", host));
      query.agent().ifPresent(agent -> add("agent_id = :agent", "agent", agent.toString()));
      query.agentName().ifPresent(name -> add("agent_name = :name", "name", name));
      query.kind().ifPresent(kind -> add("kind = :kind", "kind", kind));
      query.after().ifPresent(after -> add("id > :after", "after", after));
    }

    /** An agent never changes its host, by whose events its own are found. */
    private static Optional<String> host(Transaction transaction, AgentId agent) {
      return transaction
          .handle()
          .createQuery("SELECT host_id FROM agent WHERE id = :agent")
          .bind("agent", agent.toString())
          .mapTo(String.class)
          .findOne();
    }

    private void add(String condition, String name, Object value) {
      conditions.add(condition);
      values.put(name, value);
    }

    String condition() {
      return String.join(" AND ", conditions);
    }

    Query bind(Query query) {
      return query.bindMap(values);
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOurs) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "cursor: not one of this list (expected: next of a page)");
    }
  }

  private static Event read(ResultSet row, StatementContext context) throws SQLException {
    return new Event(
        row.getLong("id"),
        Instant.ofEpochMilli(row.getLong("received_at")),
        Instant.ofEpochMilli(row.getLong("occurred_at")),
        Optional.ofNullable(row.getString("host_id")).map(HostId::of),
        Optional.ofNullable(row.getString("host_name")),
        Optional.ofNullable(row.getString("agent_id")).map(AgentId::of),
        Optional.ofNullable(row.getString("agent_name")),
        row.getString("kind"),
        row.getString("message"));
  }
}
