package io.easyagent.server.fleet.store;

import io.easyagent.server.fleet.CopyStore;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Copies in SQL. */
public final class SqlCopies implements CopyStore {
  @Override
  public List<HostCopy> of(Transaction transaction, HostId host) {
    return of(transaction.handle(), List.of(host.toString()))
        .getOrDefault(host.toString(), List.of());
  }

  /** By host; hosts without any are absent. */
  static Map<String, List<HostCopy>> of(Handle handle, Collection<String> hosts) {
    Map<String, List<HostCopy>> found = new HashMap<>();
    handle
        .createQuery(
            "SELECT * FROM host_copy WHERE host_id IN (<hosts>) ORDER BY host_id, first_seen, id")
        .bindList("hosts", List.copyOf(hosts))
        .map((row, context) -> Map.entry(row.getString("host_id"), copy(row)))
        .forEach(entry ->
            found.computeIfAbsent(entry.getKey(), host -> new ArrayList<>()).add(entry.getValue()));
    return found;
  }

  private static HostCopy copy(ResultSet row) throws SQLException {
    return new HostCopy(
        row.getString("id"),
        row.getString("nonce"),
        row.getString("machine_id"),
        row.getString("boot_id"),
        row.getString("host_name"),
        row.getString("address"),
        Instant.ofEpochMilli(row.getLong("first_seen")),
        Instant.ofEpochMilli(row.getLong("last_seen")),
        HostCopy.Standing.valueOf(row.getString("standing")));
  }

  @Override
  public void seen(Transaction transaction, HostId host, HostCopy copy) {
    Handle handle = transaction.handle();
    int known =
        handle.execute(
            "UPDATE host_copy SET boot_id = ?, last_seen = ? WHERE host_id = ? AND id = ?",
            copy.bootId(),
            copy.lastSeen().toEpochMilli(),
            host.toString(),
            copy.id());
    if (known == 1 || !hasRoom(handle, host)) {
      return;
    }
    handle.execute(
        "INSERT INTO host_copy (host_id, id, nonce, machine_id, boot_id, host_name, address,"
            + " first_seen, last_seen, standing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        host.toString(),
        copy.id(),
        copy.nonce(),
        copy.machineId(),
        copy.bootId(),
        copy.hostName(),
        copy.address(),
        copy.firstSeen().toEpochMilli(),
        copy.lastSeen().toEpochMilli(),
        copy.standing().name());
  }

  private static boolean hasRoom(Handle handle, HostId host) {
    long count =
        handle
            .createQuery("SELECT COUNT(*) FROM host_copy WHERE host_id = :host")
            .bind("host", host.toString())
            .mapTo(Long.class)
            .one();
    return count < MOST
        || handle.execute(
                "DELETE FROM host_copy WHERE host_id = ? AND id = (SELECT id FROM host_copy"
                    + " WHERE host_id = ? AND standing = 'REFUSED' ORDER BY last_seen, id LIMIT 1)",
                host.toString(),
                host.toString())
            == 1;
  }

  @Override
  public boolean keep(Transaction transaction, HostId host, HostCopy kept, Instant now) {
    Handle handle = transaction.handle();
    String id = host.toString();
    boolean another =
        handle
            .createQuery("SELECT 1 FROM host WHERE id = :host AND nonce = :nonce")
            .bind("host", id)
            .bind("nonce", kept.nonce())
            .mapTo(Integer.class)
            .findOne()
            .isEmpty();
    boolean decided =
        handle.execute(
                "UPDATE host SET nonce = ?, previous_nonce = NULL, conditions = '[]',"
                    + " status = 'OFFLINE', status_since = ?,"
                    + " forked_epoch = CASE WHEN ? THEN session_epoch ELSE forked_epoch END"
                    + " WHERE id = ? AND status = 'CONFLICTED'",
                kept.nonce(),
                now.toEpochMilli(),
                another,
                id)
            == 1;
    if (!decided) {
      return false;
    }
    if (another) {
      handle.execute("DELETE FROM host_outbox WHERE host_id = ?", id);
    }
    handle.execute("DELETE FROM host_copy WHERE host_id = ? AND id = ?", id, kept.id());
    handle.execute("UPDATE host_copy SET standing = 'REFUSED' WHERE host_id = ?", id);
    return true;
  }
}
