package io.easyagent.server.access.store;

import io.easyagent.server.access.AuditAnchor;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.AuditHead;
import io.easyagent.server.access.AuditStore;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.StatementContext;

/** The audit log in the table {@code audit_entry}. */
public final class SqlAudit implements AuditStore {
  @Override
  public void insert(Transaction transaction, AuditEntry entry) {
    transaction
        .handle()
        .execute(
            "INSERT INTO audit_entry (sequence, at, actor, address, action, subject, hosts, hash)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            entry.sequence(),
            entry.at().toEpochMilli(),
            entry.origin().actor(),
            entry.origin().address(),
            entry.act().action(),
            entry.act().subject(),
            entry.act().hosts(),
            entry.hash());
  }

  @Override
  public Optional<AuditEntry> last(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM audit_entry ORDER BY sequence DESC LIMIT 1")
        .map(SqlAudit::read)
        .findOne();
  }

  @Override
  public List<AuditEntry> from(Transaction transaction, long sequence, int limit) {
    return transaction
        .handle()
        .createQuery(
            "SELECT * FROM audit_entry WHERE sequence >= :sequence ORDER BY sequence LIMIT :limit")
        .bind("sequence", sequence)
        .bind("limit", limit)
        .map(SqlAudit::read)
        .list();
  }

  @Override
  public OptionalLong firstSince(Transaction transaction, long after, Instant time) {
    return transaction
        .handle()
        .createQuery(
            "SELECT sequence FROM audit_entry WHERE sequence > :after AND at >= :time"
                + " ORDER BY sequence LIMIT 1")
        .bind("after", after)
        .bind("time", time.toEpochMilli())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  @Override
  public Optional<AuditAnchor> anchor(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT sequence, hash, moved_at FROM audit_anchor")
        .map((row, context) ->
            new AuditAnchor(
                new AuditHead(row.getLong("sequence"), row.getString("hash")),
                Instant.ofEpochMilli(row.getLong("moved_at"))))
        .findOne();
  }

  @Override
  public void putAnchor(Transaction transaction, AuditAnchor anchor) {
    transaction
        .handle()
        .execute(
            "INSERT INTO audit_anchor (only_one, sequence, hash, moved_at) VALUES (1, ?, ?, ?)"
                + " ON CONFLICT (only_one) DO UPDATE SET sequence = excluded.sequence,"
                + " hash = excluded.hash, moved_at = excluded.moved_at",
            anchor.removed().sequence(),
            anchor.removed().hash(),
            anchor.movedAt().toEpochMilli());
  }

  @Override
  public int removeUpTo(Transaction transaction, long sequence, int most) {
    return transaction
        .handle()
        .execute(
            "DELETE FROM audit_entry WHERE sequence IN (SELECT sequence FROM audit_entry"
                + " WHERE sequence <= ? ORDER BY sequence LIMIT ?)",
            sequence,
            most);
  }

  @Override
  public Page<AuditEntry> page(Transaction transaction, PageRequest request) {
    long after = request.after(1).map(key -> number(key.getFirst())).orElse(Long.MAX_VALUE);
    List<AuditEntry> found =
        transaction
            .handle()
            .createQuery(
                "SELECT * FROM audit_entry WHERE sequence < :after ORDER BY sequence DESC LIMIT"
                    + " :limit")
            .bind("after", after)
            .bind("limit", request.limit() + 1)
            .map(SqlAudit::read)
            .list();
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM audit_entry")
            .mapTo(Long.class)
            .one();
    return Page.of(found, request, total, entry -> List.of(String.valueOf(entry.sequence())));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOurs) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "cursor: not one of this list (expected: next of a page)");
    }
  }

  private static AuditEntry read(ResultSet row, StatementContext context) throws SQLException {
    return new AuditEntry(
        row.getLong("sequence"),
        Instant.ofEpochMilli(row.getLong("at")),
        new AuditEntry.Origin(row.getString("actor"), row.getString("address")),
        new AuditEntry.Act(row.getString("action"), row.getString("subject"), row.getLong("hosts")),
        row.getString("hash"));
  }
}
