package io.easyagent.server.agent.store;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentQuery;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.ObservedAgent;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Selector;
import io.easyagent.server.fleet.SelectorCondition;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Documents;
import io.easyagent.server.store.IdLists;
import io.easyagent.server.store.JsonText;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Agents in SQL. */
public final class SqlAgents implements AgentStore {
  private static final String FROM =
      " FROM agent a JOIN host h ON h.id = a.host_id"
          + " JOIN document d ON d.digest = a.definition_digest";
  private static final String SELECT =
      "SELECT a.*, h.name AS host_name, d.body AS definition, EXISTS (SELECT 1 FROM agent_secret x"
          + " LEFT JOIN secret s ON s.name = x.secret WHERE x.agent_id = a.id"
          + " AND (s.version IS NULL OR s.version <> x.version)) AS outdated_secret";

  /** A cross join keeps its order: the hosts come by name, and the first few are enough. */
  private static final String FROM_HOSTS =
      " FROM host h CROSS JOIN agent a CROSS JOIN document d"
          + " WHERE a.host_id = h.id AND d.digest = a.definition_digest";

  @Override
  public void insert(
      Transaction transaction,
      AgentId id,
      HostId host,
      DefinitionText definition,
      long revision,
      DesiredState desired) {
    transaction
        .handle()
        .execute(
            "INSERT INTO agent (id, host_id, name, type, package_reference, definition_digest,"
                + " revision, desired) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            id.toString(),
            host.toString(),
            definition.name(),
            definition.type().name(),
            definition.packageReference().orElse(null),
            Documents.put(transaction, definition.json()),
            revision,
            desired.name());
  }

  @Override
  public Optional<Agent> find(Transaction transaction, AgentId id) {
    return transaction
        .handle()
        .createQuery(SELECT + FROM + " WHERE a.id = :id")
        .bind("id", id.toString())
        .map((row, context) -> agent(row))
        .findOne();
  }

  @Override
  public Set<AgentId> idsOfHost(Transaction transaction, HostId host) {
    return transaction
        .handle()
        .createQuery("SELECT id FROM agent WHERE host_id = :host")
        .bind("host", host.toString())
        .map((row, context) -> AgentId.of(row.getString(1)))
        .set();
  }

  @Override
  public Optional<Agent> find(Transaction transaction, HostId host, String name) {
    return transaction
        .handle()
        .createQuery(SELECT + FROM + " WHERE a.host_id = :host AND a.name = :name")
        .bind("host", host.toString())
        .bind("name", name)
        .map((row, context) -> agent(row))
        .findOne();
  }

  @Override
  public Map<HostId, Agent> find(Transaction transaction, Collection<HostId> hosts, String name) {
    Map<HostId, Agent> found = new HashMap<>();
    for (List<String> some : IdLists.of(hosts)) {
      transaction
          .handle()
          .createQuery(SELECT + FROM + " WHERE a.name = :name AND a.host_id IN (<hosts>)")
          .bind("name", name)
          .bindList("hosts", some)
          .map((row, context) -> agent(row))
          .forEach(agent -> found.put(agent.host(), agent));
    }
    return found;
  }

  @Override
  public List<Agent> ofHost(Transaction transaction, HostId host) {
    return transaction
        .handle()
        .createQuery(SELECT + FROM + " WHERE a.host_id = :host ORDER BY a.name")
        .bind("host", host.toString())
        .map((row, context) -> agent(row))
        .list();
  }

  @Override
  public Page<Agent> page(Transaction transaction, AgentQuery query, PageRequest request) {
    Where all = Where.of(query, "a.host_id", SelectorCondition::whole);
    long total =
        all.bind(
                transaction.handle().createQuery("SELECT COUNT(*) FROM agent a WHERE " + all.sql()))
            .mapTo(Long.class)
            .one();
    Where where = Where.of(query, "h.id", SelectorCondition::of);
    List<String> after = request.after(3).orElse(List.of("", "", ""));
    List<Agent> found =
        where
            .bind(
                transaction
                    .handle()
                    .createQuery(
                        SELECT
                            + FROM_HOSTS
                            + " AND "
                            + where.sql()
                            + " AND h.name >= :afterHost"
                            + " AND (h.name, a.name, a.id) > (:afterHost, :afterName, :afterId)"
                            + " ORDER BY h.name, a.name, a.id LIMIT :limit"))
            .bind("afterHost", after.get(0))
            .bind("afterName", after.get(1))
            .bind("afterId", after.get(2))
            .bind("limit", request.limit() + 1)
            .map((row, context) -> agent(row))
            .list();
    return Page.of(
        found,
        request,
        total,
        agent -> List.of(agent.hostName(), agent.name(), agent.id().toString()));
  }

  @Override
  public long countUsing(Transaction transaction, String packageReference) {
    return transaction
        .handle()
        .createQuery("SELECT COUNT(*) FROM agent WHERE package_reference = :reference")
        .bind("reference", packageReference)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long countHolding(Transaction transaction, String secret) {
    return transaction
        .handle()
        .createQuery("SELECT COUNT(*) FROM agent_secret WHERE secret = :secret")
        .bind("secret", secret)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void putSecrets(Transaction transaction, AgentId id, Map<String, Long> versions) {
    forgetSecrets(transaction, id);
    versions.forEach((secret, version) ->
        transaction
            .handle()
            .execute(
                "INSERT INTO agent_secret (agent_id, secret, version) VALUES (?, ?, ?)",
                id.toString(),
                secret,
                version));
  }

  private static void forgetSecrets(Transaction transaction, AgentId id) {
    transaction.handle().execute("DELETE FROM agent_secret WHERE agent_id = ?", id.toString());
  }

  @Override
  public long putDefinition(Transaction transaction, AgentId id, DefinitionText definition) {
    forgetSecrets(transaction, id);
    transaction
        .handle()
        .execute(
            "UPDATE agent SET type = ?, package_reference = ?, definition_digest = ?,"
                + " revision = revision + 1 WHERE id = ?",
            definition.type().name(),
            definition.packageReference().orElse(null),
            Documents.put(transaction, definition.json()),
            id.toString());
    return transaction
        .handle()
        .createQuery("SELECT revision FROM agent WHERE id = :id")
        .bind("id", id.toString())
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void putHeld(
      Transaction transaction,
      AgentId id,
      DefinitionText definition,
      long revision,
      DesiredState desired) {
    boolean known =
        find(transaction, id)
            .filter(agent -> agent.revision() == revision && agent.desired() == desired)
            .isPresent();
    if (known) {
      return;
    }
    transaction
        .handle()
        .execute(
            "UPDATE agent SET type = ?, package_reference = ?, definition_digest = ?,"
                + " revision = ?, desired = ? WHERE id = ?",
            definition.type().name(),
            definition.packageReference().orElse(null),
            Documents.put(transaction, definition.json()),
            revision,
            desired.name(),
            id.toString());
  }

  @Override
  public void putDesired(Transaction transaction, AgentId id, DesiredState desired) {
    transaction
        .handle()
        .execute("UPDATE agent SET desired = ? WHERE id = ?", desired.name(), id.toString());
  }

  @Override
  public boolean putObserved(
      Transaction transaction, AgentId id, HostId host, ObservedAgent observed) {
    return transaction
            .handle()
            .execute(
                "UPDATE agent SET observed_state = ?, observed_health = ?, observed_desired = ?,"
                    + " observed_revision = ?, observed_version = ?, observed_since = ?,"
                    + " restarts = ?, cause = ?, pid = ?, next_start = ?, conditions = ?"
                    + " WHERE id = ? AND host_id = ?",
                observed.state().name(),
                observed.health().name(),
                observed.desired().name(),
                observed.revision(),
                observed.version().orElse(null),
                observed.since().toEpochMilli(),
                observed.restarts(),
                observed.cause(),
                observed.pid().orElse(null),
                observed.nextStart().map(Instant::toEpochMilli).orElse(null),
                JsonText.of(observed.conditions()),
                id.toString(),
                host.toString())
        == 1;
  }

  @Override
  public void clearObserved(Transaction transaction, AgentId id) {
    transaction
        .handle()
        .execute("UPDATE agent SET observed_state = NULL WHERE id = ?", id.toString());
  }

  @Override
  public boolean delete(Transaction transaction, AgentId id) {
    return transaction.handle().execute("DELETE FROM agent WHERE id = ?", id.toString()) == 1;
  }

  /** A query's condition. */
  private record Where(String sql, Map<String, String> bindings) {
    static Where of(
        AgentQuery query,
        String hostIdColumn,
        BiFunction<Selector, String, SelectorCondition> condition) {
      List<String> parts = new ArrayList<>(List.of("1 = 1"));
      Map<String, String> bindings = new HashMap<>();
      query
          .hosts()
          .map(selector -> condition.apply(selector, hostIdColumn))
          .ifPresent(hosts -> {
            parts.add(hosts.sql());
            bindings.putAll(hosts.bindings());
          });
      query
          .host()
          .ifPresent(host -> {
            parts.add(hostIdColumn + " = :host");
            bindings.put("host", host.toString());
          });
      query
          .name()
          .ifPresent(name -> {
            parts.add("a.name = :name");
            bindings.put("name", name);
          });
      return new Where(String.join(" AND ", parts), bindings);
    }

    Query bind(Query query) {
      return query.bindMap(bindings);
    }
  }

  private static Agent agent(ResultSet row) throws SQLException {
    return new Agent(
        AgentId.of(row.getString("id")),
        HostId.of(row.getString("host_id")),
        row.getString("host_name"),
        new DefinitionText(
            row.getString("name"),
            AgentType.valueOf(row.getString("type")),
            Optional.ofNullable(row.getString("package_reference")),
            row.getString("definition")),
        row.getLong("revision"),
        DesiredState.valueOf(row.getString("desired")),
        row.getBoolean("outdated_secret"),
        observed(row));
  }

  private static Optional<ObservedAgent> observed(ResultSet row) throws SQLException {
    String state = row.getString("observed_state");
    if (state == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ObservedAgent(
            ObservedAgent.State.valueOf(state),
            ObservedAgent.Health.valueOf(row.getString("observed_health")),
            DesiredState.valueOf(row.getString("observed_desired")),
            row.getLong("observed_revision"),
            Optional.ofNullable(row.getString("observed_version")),
            Instant.ofEpochMilli(row.getLong("observed_since")),
            row.getLong("restarts"),
            row.getString("cause"),
            Optional.ofNullable(number(row, "pid")).map(Long::intValue),
            Optional.ofNullable(number(row, "next_start")).map(Instant::ofEpochMilli),
            JsonText.list(row.getString("conditions"))));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
