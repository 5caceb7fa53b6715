package io.easyagent.server.fleet.store;

import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostQuery;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Selector;
import io.easyagent.server.fleet.SelectorCondition;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.IdLists;
import io.easyagent.server.store.JsonText;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Hosts in SQL. */
public final class SqlHosts implements HostStore {
  /** An agent that is as it should be: the right revision in the right state. */
  private static final String AS_DESIRED =
      """
      a.observed_revision = a.revision AND (
        a.desired = 'STOPPED' AND a.observed_state IN ('STOPPED', 'EXITED')
        OR a.desired = 'RUNNING' AND a.observed_state IN ('RUNNING', 'WAITING')
           AND a.observed_health <> 'UNHEALTHY'
        OR a.desired = 'RUNNING' AND a.observed_state = 'EXITED' AND a.type = 'ONESHOT')
      """;

  private static final String SELECT =
      """
      SELECT h.*,
        (SELECT COUNT(*) FROM agent a WHERE a.host_id = h.id) AS agents,
        (SELECT COUNT(*) FROM agent a WHERE a.host_id = h.id AND (%s)) AS agents_as_desired
      FROM host h
      """
          .formatted(AS_DESIRED);

  @Override
  public void insert(
      Transaction transaction,
      HostId id,
      String name,
      String machineId,
      Map<String, String> labels,
      Instant enrolledAt) {
    transaction
        .handle()
        .execute(
            "INSERT INTO host (id, name, status, status_since, enrolled_at, session_epoch,"
                + " inventory_epoch, previous_nonce, machine_id, boot_id, capabilities, conditions)"
                + " VALUES (?, ?, ?, ?, ?, 0, 0, '', ?, '', '[]', '[]')",
            id.toString(),
            name,
            HostStatus.PENDING.name(),
            enrolledAt.toEpochMilli(),
            enrolledAt.toEpochMilli(),
            machineId);
    insertLabels(transaction.handle(), id, labels);
  }

  @Override
  public Optional<Host> find(Transaction transaction, HostId id) {
    return hosts(
            transaction.handle(),
            transaction
                .handle()
                .createQuery(SELECT + " WHERE h.id = :id")
                .bind("id", id.toString()))
        .stream()
        .findFirst();
  }

  @Override
  public Set<HostId> among(Transaction transaction, Scope scope, Collection<HostId> ids) {
    if (scope.hosts().isEmpty()) {
      return Set.copyOf(ids);
    }
    SelectorCondition condition = SelectorCondition.of(scope, "h.id");
    Set<HostId> found = new HashSet<>();
    for (List<String> some : IdLists.of(ids)) {
      transaction
          .handle()
          .createQuery("SELECT h.id FROM host h WHERE h.id IN (<ids>) AND " + condition.sql())
          .bindList("ids", some)
          .bindMap(condition.bindings())
          .map((row, context) -> HostId.of(row.getString(1)))
          .forEach(found::add);
    }
    return found;
  }

  @Override
  public List<Host> findByName(Transaction transaction, Scope scope, String name, int limit) {
    SelectorCondition condition = SelectorCondition.of(scope, "h.id");
    return hosts(
        transaction.handle(),
        transaction
            .handle()
            .createQuery(
                SELECT
                    + " WHERE h.name = :name AND "
                    + condition.sql()
                    + " ORDER BY h.id LIMIT :limit")
            .bindMap(condition.bindings())
            .bind("name", name)
            .bind("limit", limit));
  }

  @Override
  public List<Host> findByIdPrefix(Transaction transaction, Scope scope, String prefix, int limit) {
    SelectorCondition condition = SelectorCondition.of(scope, "h.id");
    return hosts(
        transaction.handle(),
        transaction
            .handle()
            .createQuery(
                SELECT
                    + " WHERE h.id >= :prefix AND h.id < :end AND "
                    + condition.sql()
                    + " ORDER BY h.id LIMIT :limit")
            .bindMap(condition.bindings())
            .bind("prefix", prefix)
            .bind("end", prefix + "~")
            .bind("limit", limit));
  }

  @Override
  public Page<Host> page(Transaction transaction, HostQuery query, PageRequest request) {
    Where where = Where.of(query, SelectorCondition::of);
    Where all = Where.of(query, SelectorCondition::whole);
    long total =
        all.bind(transaction.handle().createQuery("SELECT COUNT(*) FROM host h WHERE " + all.sql()))
            .mapTo(Long.class)
            .one();
    List<String> after = request.after(2).orElse(List.of("", ""));
    List<Host> found =
        hosts(
            transaction.handle(),
            where
                .bind(
                    transaction
                        .handle()
                        .createQuery(
                            SELECT
                                + " WHERE "
                                + where.sql()
                                + " AND (h.name, h.id) > (:afterName, :afterId)"
                                + " ORDER BY h.name, h.id LIMIT :limit"))
                .bind("afterName", after.get(0))
                .bind("afterId", after.get(1))
                .bind("limit", request.limit() + 1));
    return Page.of(found, request, total, host -> List.of(host.name(), host.id().toString()));
  }

  @Override
  public List<HostId> select(Transaction transaction, HostQuery query) {
    Where where = Where.of(query, SelectorCondition::whole);
    return where
        .bind(
            transaction
                .handle()
                .createQuery(
                    "SELECT h.id FROM host h WHERE " + where.sql() + " ORDER BY h.name, h.id"))
        .map((row, context) -> HostId.of(row.getString(1)))
        .list();
  }

  @Override
  public Map<HostId, HostBrief> briefs(Transaction transaction, Collection<HostId> ids) {
    Map<HostId, HostBrief> found = new HashMap<>();
    // Thousands of hosts have the same few.
    Map<String, Set<String>> capabilities = new HashMap<>();
    for (List<String> some : IdLists.of(ids)) {
      transaction
          .handle()
          .createQuery(
              "SELECT id, name, status, sidecar_version, capabilities FROM host"
                  + " WHERE id IN (<ids>)")
          .bindList("ids", some)
          .map((row, context) ->
              new HostBrief(
                  HostId.of(row.getString("id")),
                  row.getString("name"),
                  HostStatus.valueOf(row.getString("status")),
                  Optional.ofNullable(row.getString("sidecar_version")),
                  capabilities.computeIfAbsent(
                      row.getString("capabilities"), text -> Set.copyOf(JsonText.list(text)))))
          .forEach(brief -> found.put(brief.id(), brief));
    }
    return found;
  }

  @Override
  public Map<HostId, Map<String, String>> facts(
      Transaction transaction, Collection<HostId> ids, Set<String> names) {
    return HostFacts.of(transaction.handle(), ids, names);
  }

  @Override
  public Map<HostStatus, Long> counts(Transaction transaction) {
    Map<HostStatus, Long> counts = new EnumMap<>(HostStatus.class);
    transaction
        .handle()
        .createQuery("SELECT status, COUNT(*) AS hosts FROM host GROUP BY status")
        .map((row, context) ->
            Map.entry(HostStatus.valueOf(row.getString("status")), row.getLong("hosts")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  @Override
  public void putLabels(Transaction transaction, HostId id, Map<String, String> labels) {
    transaction.handle().execute("DELETE FROM host_label WHERE host_id = ?", id.toString());
    insertLabels(transaction.handle(), id, labels);
  }

  private static void insertLabels(Handle handle, HostId id, Map<String, String> labels) {
    if (labels.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch("INSERT INTO host_label (host_id, name, value) VALUES (?, ?, ?)");
    labels.forEach((name, value) -> batch.add(id.toString(), name, value));
    batch.execute();
  }

  @Override
  public void awaitApproval(
      Transaction transaction, HostId id, List<String> conditions, Instant now) {
    transaction
        .handle()
        .execute(
            "UPDATE host SET conditions = ?, last_seen = ?,"
                + " status_since = CASE status WHEN 'PENDING' THEN status_since ELSE ? END,"
                + " status = 'PENDING' WHERE id = ? AND status IN ('OFFLINE', 'PENDING')",
            JsonText.of(conditions),
            now.toEpochMilli(),
            now.toEpochMilli(),
            id.toString());
  }

  @Override
  public boolean approve(Transaction transaction, HostId id, Instant now) {
    return transaction
            .handle()
            .execute(
                "UPDATE host SET conditions = '[]', status_since = ?,"
                    + " status = CASE WHEN session_epoch > 0 THEN 'OFFLINE' ELSE 'PENDING' END"
                    + " WHERE id = ? AND status = 'PENDING'",
                now.toEpochMilli(),
                id.toString())
        == 1;
  }

  @Override
  public void markEphemeral(Transaction transaction, HostId id) {
    transaction.handle().execute("UPDATE host SET ephemeral = 1 WHERE id = ?", id.toString());
  }

  @Override
  public List<HostId> ephemeralGoneSince(Transaction transaction, Instant time) {
    return transaction
        .handle()
        .createQuery(
            "SELECT id FROM host WHERE ephemeral = 1 AND status IN ('OFFLINE', 'PENDING')"
                + " AND status_since < :time ORDER BY id")
        .bind("time", time.toEpochMilli())
        .map((row, context) -> HostId.of(row.getString("id")))
        .list();
  }

  @Override
  public boolean delete(Transaction transaction, HostId id) {
    return transaction.handle().execute("DELETE FROM host WHERE id = ?", id.toString()) == 1;
  }

  private static List<Host> hosts(Handle handle, Query query) {
    Map<String, HostRow> rows = new LinkedHashMap<>();
    query.map((row, context) -> HostRow.of(row)).forEach(row -> rows.put(row.id(), row));
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<String, Map<String, String>> labels = attributes(handle, "host_label", rows.keySet());
    Map<String, Map<String, String>> facts = attributes(handle, "host_fact", rows.keySet());
    Map<String, List<HostCopy>> copies = SqlCopies.of(handle, rows.keySet());
    List<Host> hosts = new ArrayList<>();
    rows.forEach((id, row) ->
        hosts.add(
            row.host(
                labels.getOrDefault(id, Map.of()),
                facts.getOrDefault(id, Map.of()),
                copies.getOrDefault(id, List.of()))));
    return hosts;
  }

  private static Map<String, Map<String, String>> attributes(
      Handle handle, String table, Set<String> ids) {
    Map<String, Map<String, String>> found = new HashMap<>();
    handle
        .createQuery("SELECT host_id, name, value FROM " + table + " WHERE host_id IN (<ids>)")
        .bindList("ids", List.copyOf(ids))
        .map((row, context) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
        .forEach(row ->
            found.computeIfAbsent(row.get(0), id -> new HashMap<>()).put(row.get(1), row.get(2)));
    return found;
  }

  /** A query's condition. */
  private record Where(String sql, Map<String, String> bindings) {
    static Where of(HostQuery query, BiFunction<Selector, String, SelectorCondition> condition) {
      List<String> parts = new ArrayList<>(List.of("1 = 1"));
      Map<String, String> bindings = new HashMap<>();
      query
          .selector()
          .map(selector -> condition.apply(selector, "h.id"))
          .ifPresent(hosts -> {
            parts.add(hosts.sql());
            bindings.putAll(hosts.bindings());
          });
      query
          .name()
          .ifPresent(name -> {
            parts.add("h.name = :name");
            bindings.put("name", name);
          });
      return new Where(String.join(" AND ", parts), bindings);
    }

    Query bind(Query query) {
      return query.bindMap(bindings);
    }
  }

  /** A host's own row. */
  private record HostRow(
      String id,
      String name,
      HostStatus status,
      Instant statusSince,
      Optional<String> sidecarVersion,
      Set<String> capabilities,
      Host.AgentCounts agents,
      List<String> conditions,
      boolean ephemeral,
      Instant enrolledAt,
      Optional<Instant> lastSeen) {
    static HostRow of(ResultSet row) throws SQLException {
      long lastSeen = row.getLong("last_seen");
      Optional<Instant> seen =
          row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastSeen));
      return new HostRow(
          row.getString("id"),
          row.getString("name"),
          HostStatus.valueOf(row.getString("status")),
          Instant.ofEpochMilli(row.getLong("status_since")),
          Optional.ofNullable(row.getString("sidecar_version")),
          Set.copyOf(JsonText.list(row.getString("capabilities"))),
          new Host.AgentCounts(row.getLong("agents"), row.getLong("agents_as_desired")),
          JsonText.list(row.getString("conditions")),
          row.getBoolean("ephemeral"),
          Instant.ofEpochMilli(row.getLong("enrolled_at")),
          seen);
    }

    Host host(Map<String, String> labels, Map<String, String> facts, List<HostCopy> copies) {
      return new Host(
          HostId.of(id),
          name,
          status,
          statusSince,
          labels,
          facts,
          sidecarVersion,
          capabilities,
          agents,
          conditions,
          copies,
          ephemeral,
          enrolledAt,
          lastSeen);
    }
  }
}
