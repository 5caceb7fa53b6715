package io.easyagent.server.access.store;

import io.easyagent.server.access.EnrollToken;
import io.easyagent.server.access.EnrollTokenStore;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.JsonText;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Enrolment tokens in SQL. */
public final class SqlEnrollTokens implements EnrollTokenStore {
  @Override
  public void insert(Transaction transaction, EnrollToken token, String secretHash) {
    transaction
        .handle()
        .execute(
            "INSERT INTO enroll_token (id, secret_hash, labels, uses, uses_left, networks,"
                + " ephemeral, created_at, expires_at, created_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token.id().toString(),
            secretHash,
            JsonText.of(token.labels()),
            token.uses(),
            token.usesLeft(),
            JsonText.of(token.networks()),
            token.ephemeral() ? 1 : 0,
            token.createdAt().toEpochMilli(),
            token.expiresAt().toEpochMilli(),
            token.createdBy());
  }

  @Override
  public Optional<EnrollToken> findBySecret(Transaction transaction, String secretHash) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM enroll_token WHERE secret_hash = :hash")
        .bind("hash", secretHash)
        .map((row, context) -> token(row))
        .findOne();
  }

  @Override
  public boolean takeUse(Transaction transaction, UUID id) {
    return transaction
            .handle()
            .execute(
                "UPDATE enroll_token SET uses_left = uses_left - 1 WHERE id = ? AND uses_left > 0",
                id.toString())
        == 1;
  }

  @Override
  public boolean delete(Transaction transaction, UUID id) {
    return transaction.handle().execute("DELETE FROM enroll_token WHERE id = ?", id.toString())
        == 1;
  }

  @Override
  public void deleteExpiredBefore(Transaction transaction, Instant time) {
    transaction
        .handle()
        .execute("DELETE FROM enroll_token WHERE expires_at < ?", time.toEpochMilli());
  }

  @Override
  public Page<EnrollToken> page(Transaction transaction, PageRequest request) {
    String last = request.after(1).map(List::getFirst).orElse("~");
    List<EnrollToken> found =
        transaction
            .handle()
            .createQuery(
                "SELECT * FROM enroll_token WHERE id < :last ORDER BY id DESC LIMIT :limit")
            .bind("last", last)
            .bind("limit", request.limit() + 1)
            .map((row, context) -> token(row))
            .list();
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM enroll_token")
            .mapTo(Long.class)
            .one();
    return Page.of(found, request, total, token -> List.of(token.id().toString()));
  }

  private static EnrollToken token(ResultSet row) throws SQLException {
    return new EnrollToken(
        UUID.fromString(row.getString("id")),
        JsonText.map(row.getString("labels")),
        row.getInt("uses"),
        row.getInt("uses_left"),
        JsonText.list(row.getString("networks")),
        row.getInt("ephemeral") == 1,
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        row.getString("created_by"));
  }
}
