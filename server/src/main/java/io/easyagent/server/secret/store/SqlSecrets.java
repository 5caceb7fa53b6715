package io.easyagent.server.secret.store;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.secret.SealedSecret;
import io.easyagent.server.secret.Secret;
import io.easyagent.server.secret.SecretGrant;
import io.easyagent.server.secret.SecretStore;
import io.easyagent.server.store.JsonText;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Secrets in the table {@code secret}. */
public final class SqlSecrets implements SecretStore {
  private static final String HELD =
      "(SELECT COUNT(*) FROM agent_secret a WHERE a.secret = s.name)";
  private static final String OUTDATED =
      "(SELECT COUNT(*) FROM agent_secret a WHERE a.secret = s.name AND a.version <> s.version)";

  @Override
  public void put(Transaction transaction, Row row) {
    transaction
        .handle()
        .execute(
            "INSERT INTO secret (name, version, all_agents, agents, key_id, nonce, ciphertext,"
                + " updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
                + " all_agents = excluded.all_agents, agents = excluded.agents,"
                + " key_id = excluded.key_id, nonce = excluded.nonce,"
                + " ciphertext = excluded.ciphertext, updated_at = excluded.updated_at,"
                + " updated_by = excluded.updated_by",
            row.name(),
            row.version(),
            row.grant() instanceof SecretGrant.AllAgents ? 1 : 0,
            JsonText.of(agents(row.grant())),
            row.sealed().key(),
            row.sealed().nonce(),
            row.sealed().ciphertext(),
            row.updatedAt().toEpochMilli(),
            row.updatedBy());
  }

  private static Collection<String> agents(SecretGrant grant) {
    return switch (grant) {
      case SecretGrant.AllAgents() -> List.of();
      case SecretGrant.Agents(var names) -> names;
    };
  }

  @Override
  public Optional<Row> find(Transaction transaction, String name) {
    return find(transaction, List.of(name)).stream().findFirst();
  }

  @Override
  public List<Row> find(Transaction transaction, Collection<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    return transaction
        .handle()
        .createQuery("SELECT * FROM secret WHERE name IN (<names>) ORDER BY name")
        .bindList("names", List.copyOf(names))
        .map((row, context) -> row(row))
        .list();
  }

  @Override
  public Page<Secret> page(Transaction transaction, PageRequest request) {
    List<Secret> found =
        transaction
            .handle()
            .createQuery(
                "SELECT s.*, "
                    + HELD
                    + " AS held, "
                    + OUTDATED
                    + " AS outdated FROM secret s WHERE s.name > :after ORDER BY s.name"
                    + " LIMIT :limit")
            .bind("after", request.after(1).map(List::getFirst).orElse(""))
            .bind("limit", request.limit() + 1)
            .map((row, context) -> secret(row))
            .list();
    long total =
        transaction.handle().createQuery("SELECT COUNT(*) FROM secret").mapTo(Long.class).one();
    return Page.of(found, request, total, secret -> List.of(secret.name()));
  }

  @Override
  public Set<String> names(Transaction transaction) {
    return transaction.handle().createQuery("SELECT name FROM secret").mapTo(String.class).set();
  }

  @Override
  public Set<String> keys(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT DISTINCT key_id FROM secret")
        .mapTo(String.class)
        .set();
  }

  @Override
  public boolean delete(Transaction transaction, String name) {
    return transaction.handle().execute("DELETE FROM secret WHERE name = ?", name) == 1;
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("name"),
        row.getLong("version"),
        grant(row),
        new SealedSecret(
            row.getString("key_id"), row.getString("nonce"), row.getString("ciphertext")),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        row.getString("updated_by"));
  }

  private static Secret secret(ResultSet row) throws SQLException {
    return new Secret(
        row.getString("name"),
        row.getLong("version"),
        grant(row),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        row.getString("updated_by"),
        row.getLong("held"),
        row.getLong("outdated"));
  }

  private static SecretGrant grant(ResultSet row) throws SQLException {
    return row.getInt("all_agents") == 1
        ? new SecretGrant.AllAgents()
        : new SecretGrant.Agents(new TreeSet<>(JsonText.list(row.getString("agents"))));
  }
}
