package io.easyagent.server.fleet.store;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.store.IdLists;
import io.easyagent.server.store.JsonText;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Sessions in SQL. */
public final class SqlSessions implements SessionStore {
  private static final int INCARNATIONS_KEPT = 16;

  /** That the session of the epoch is the host's, in a query of {@code host}. */
  private static final String CURRENT =
      "session_epoch = :epoch AND session_epoch > 0 AND status <> 'CONFLICTED'";

  @Override
  public Optional<SessionRow> find(Transaction transaction, HostId host) {
    Map<String, String> labels =
        transaction
            .handle()
            .createQuery("SELECT name, value FROM host_label WHERE host_id = :host")
            .bind("host", host.toString())
            .map((row, context) -> Map.entry(row.getString("name"), row.getString("value")))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return transaction
        .handle()
        .createQuery("SELECT * FROM host WHERE id = :host")
        .bind("host", host.toString())
        .map((row, context) ->
            new SessionRow(
                row.getString("name"),
                HostStatus.valueOf(row.getString("status")),
                row.getLong("session_epoch"),
                row.getLong("inventory_epoch"),
                Optional.ofNullable(row.getString("nonce")),
                Optional.ofNullable(row.getString("previous_nonce")),
                row.getString("session_generation"),
                new Life(
                    row.getString("machine_id"),
                    row.getString("boot_id"),
                    row.getString("session_instance"),
                    row.getString("session_host_name"),
                    row.getString("session_address")),
                row.getLong("forked_epoch"),
                lastSeen(row),
                labels))
        .findOne();
  }

  private static Optional<Instant> lastSeen(ResultSet row) throws SQLException {
    long millis = row.getLong("last_seen");
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  @Override
  public boolean open(
      Transaction transaction, HostId host, long expectedEpoch, NewSession session, Instant now) {
    boolean raised =
        transaction
                .handle()
                .execute(
                    "UPDATE host SET session_epoch = ?, nonce = ?, previous_nonce = ?,"
                        + " session_generation = ?, machine_id = ?, boot_id = ?,"
                        + " session_instance = ?, session_host_name = ?, session_address = ?,"
                        + " sidecar_version = ?, capabilities = ?,"
                        + " last_seen = ?,"
                        + " status_since = CASE status WHEN 'ONLINE' THEN ? ELSE status_since END,"
                        + " status = CASE status WHEN 'ONLINE' THEN 'OFFLINE' ELSE status END"
                        + " WHERE id = ? AND session_epoch = ? AND status <> 'CONFLICTED'",
                    session.epoch(),
                    session.nonce(),
                    session.presented().orElse(null),
                    session.generation(),
                    session.life().machineId(),
                    session.life().bootId(),
                    session.life().instance(),
                    session.life().hostName(),
                    session.life().address(),
                    session.sidecarVersion(),
                    JsonText.of(session.capabilities().stream().sorted().toList()),
                    now.toEpochMilli(),
                    now.toEpochMilli(),
                    host.toString(),
                    expectedEpoch)
            == 1;
    if (raised) {
      putFacts(transaction, host, session.facts());
    }
    return raised;
  }

  /** Facts seldom change: they are written only when they did. */
  private static void putFacts(Transaction transaction, HostId host, Map<String, String> facts) {
    Map<String, String> stored =
        transaction
            .handle()
            .createQuery("SELECT name, value FROM host_fact WHERE host_id = :host")
            .bind("host", host.toString())
            .map((row, context) -> Map.entry(row.getString("name"), row.getString("value")))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    if (stored.equals(facts)) {
      return;
    }
    transaction.handle().execute("DELETE FROM host_fact WHERE host_id = ?", host.toString());
    if (!facts.isEmpty()) {
      PreparedBatch batch =
          transaction
              .handle()
              .prepareBatch("INSERT INTO host_fact (host_id, name, value) VALUES (?, ?, ?)");
      facts.forEach((name, value) -> batch.add(host.toString(), name, value));
      batch.execute();
    }
  }

  @Override
  public boolean isCurrent(Transaction transaction, HostId host, long epoch) {
    return matches(transaction, host, epoch, CURRENT);
  }

  @Override
  public Set<HostId> takingCommands(Transaction transaction, Map<HostId, Long> epochs) {
    Set<HostId> taking = new HashSet<>();
    for (List<String> some : IdLists.of(epochs.keySet())) {
      transaction
          .handle()
          .createQuery(
              "SELECT id, session_epoch FROM host WHERE id IN (<ids>)"
                  + " AND status = 'ONLINE' AND inventory_epoch = session_epoch")
          .bindList("ids", some)
          .map((row, context) ->
              Map.entry(HostId.of(row.getString("id")), row.getLong("session_epoch")))
          .filter(row -> row.getValue().equals(epochs.get(row.getKey())))
          .forEach(row -> taking.add(row.getKey()));
    }
    return taking;
  }

  private static boolean matches(
      Transaction transaction, HostId host, long epoch, String condition) {
    return transaction
        .handle()
        .createQuery("SELECT 1 FROM host WHERE id = :host AND " + condition)
        .bind("host", host.toString())
        .bind("epoch", epoch)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public boolean putInventory(
      Transaction transaction, HostId host, long epoch, List<String> conditions) {
    return transaction
            .handle()
            .execute(
                "UPDATE host SET inventory_epoch = ?, conditions = ?"
                    + " WHERE id = ? AND session_epoch = ? AND session_epoch > 0"
                    + " AND status <> 'CONFLICTED'",
                epoch,
                JsonText.of(conditions),
                host.toString(),
                epoch)
        == 1;
  }

  @Override
  public boolean putConditions(
      Transaction transaction, HostId host, List<String> conditions, Instant now) {
    String text = JsonText.of(conditions);
    boolean changed =
        transaction
                .handle()
                .execute(
                    "UPDATE host SET conditions = ?"
                        + " WHERE id = ? AND conditions <> ? AND status <> 'CONFLICTED'",
                    text,
                    host.toString(),
                    text)
            == 1;
    transaction
        .handle()
        .execute(
            "UPDATE host SET last_seen = ? WHERE id = ? AND status <> 'CONFLICTED'",
            now.toEpochMilli(),
            host.toString());
    return changed;
  }

  @Override
  public boolean online(Transaction transaction, HostId host, long epoch, Instant now) {
    return transaction
            .handle()
            .execute(
                "UPDATE host SET status = 'ONLINE', status_since = ?, last_seen = ?"
                    + " WHERE id = ? AND session_epoch = ? AND inventory_epoch = ?"
                    + " AND session_epoch > 0 AND status <> 'CONFLICTED'",
                now.toEpochMilli(),
                now.toEpochMilli(),
                host.toString(),
                epoch,
                epoch)
        == 1;
  }

  @Override
  public boolean offline(Transaction transaction, HostId host, long epoch, Instant now) {
    return transaction
            .handle()
            .execute(
                "UPDATE host SET status = 'OFFLINE', status_since = ?, last_seen = ?"
                    + " WHERE id = ? AND session_epoch = ? AND status = 'ONLINE'",
                now.toEpochMilli(),
                now.toEpochMilli(),
                host.toString(),
                epoch)
        == 1;
  }

  @Override
  public void allOffline(Transaction transaction, Instant now) {
    transaction
        .handle()
        .execute(
            "UPDATE host SET status = 'OFFLINE', status_since = ? WHERE status = 'ONLINE'",
            now.toEpochMilli());
  }

  @Override
  public void conflicted(Transaction transaction, HostId host, List<String> sides, Instant now) {
    transaction
        .handle()
        .execute(
            "UPDATE host SET status = 'CONFLICTED', status_since = ?, conditions = ?"
                + " WHERE id = ? AND status <> 'CONFLICTED'",
            now.toEpochMilli(),
            JsonText.of(sides),
            host.toString());
  }

  @Override
  public Intake intake(Transaction transaction, HostId host, long epoch, String incarnation) {
    return transaction
        .handle()
        .createQuery(
            "SELECT "
                + CURRENT
                + " AS is_current, committed_number FROM host LEFT JOIN host_outbox"
                + " ON host_id = id AND incarnation = :incarnation WHERE id = :host")
        .bind("epoch", epoch)
        .bind("incarnation", incarnation)
        .bind("host", host.toString())
        .map((row, context) -> {
          boolean current = row.getBoolean("is_current");
          long committed = row.getLong("committed_number");
          return new Intake(
              current, row.wasNull() ? OptionalLong.empty() : OptionalLong.of(committed));
        })
        .findOne()
        .orElse(new Intake(false, OptionalLong.empty()));
  }

  @Override
  public void putCommitted(
      Transaction transaction, HostId host, String incarnation, long number, Instant now) {
    int changed =
        transaction
            .handle()
            .execute(
                "UPDATE host_outbox SET committed_number = ?"
                    + " WHERE host_id = ? AND incarnation = ?",
                number,
                host.toString(),
                incarnation);
    if (changed == 1) {
      return;
    }
    transaction
        .handle()
        .execute(
            "INSERT INTO host_outbox (host_id, incarnation, committed_number, first_seen)"
                + " VALUES (?, ?, ?, ?)",
            host.toString(),
            incarnation,
            number,
            now.toEpochMilli());
    transaction
        .handle()
        .execute(
            "DELETE FROM host_outbox WHERE host_id = ? AND incarnation NOT IN"
                + " (SELECT incarnation FROM host_outbox WHERE host_id = ?"
                + " ORDER BY first_seen DESC LIMIT ?)",
            host.toString(),
            host.toString(),
            INCARNATIONS_KEPT);
  }
}
