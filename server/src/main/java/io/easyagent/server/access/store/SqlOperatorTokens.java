package io.easyagent.server.access.store;

import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.access.OperatorTokenStore;
import io.easyagent.server.access.Role;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/** Operators' tokens in the table {@code operator_token}. */
public final class SqlOperatorTokens implements OperatorTokenStore {
  @Override
  public void insert(Transaction transaction, OperatorToken token, String secretHash) {
    transaction
        .handle()
        .execute(
            "INSERT INTO operator_token (id, name, role, may_exec, most_hosts, hosts, secret_hash,"
                + " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token.id().toString(),
            token.name(),
            token.role().name(),
            token.exec() ? 1 : 0,
            token.mostHosts().isPresent() ? token.mostHosts().getAsInt() : null,
            token.hosts().orElse(null),
            secretHash,
            token.createdAt().toEpochMilli(),
            token.expiresAt().toEpochMilli());
  }

  @Override
  public Optional<OperatorToken> findByHash(Transaction transaction, String secretHash) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM operator_token WHERE secret_hash = :hash")
        .bind("hash", secretHash)
        .map(SqlOperatorTokens::read)
        .findOne();
  }

  @Override
  public Optional<OperatorToken> findValid(Transaction transaction, String name, Instant now) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM operator_token WHERE name = :name AND expires_at > :now")
        .bind("name", name)
        .bind("now", now.toEpochMilli())
        .map(SqlOperatorTokens::read)
        .findOne();
  }

  @Override
  public boolean hasAdmin(Transaction transaction, Instant now) {
    return transaction
            .handle()
            .createQuery(
                "SELECT COUNT(*) FROM operator_token WHERE role = 'ADMIN' AND hosts IS NULL"
                    + " AND expires_at > :now")
            .bind("now", now.toEpochMilli())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  @Override
  public Page<OperatorToken> page(Transaction transaction, PageRequest request) {
    String after = request.after(1).map(List::getFirst).orElse("~");
    List<OperatorToken> found =
        transaction
            .handle()
            .createQuery(
                "SELECT * FROM operator_token WHERE id < :after ORDER BY id DESC LIMIT :limit")
            .bind("after", after)
            .bind("limit", request.limit() + 1)
            .map(SqlOperatorTokens::read)
            .list();
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM operator_token")
            .mapTo(Long.class)
            .one();
    return Page.of(found, request, total, token -> List.of(token.id().toString()));
  }

  @Override
  public Optional<OperatorToken> find(Transaction transaction, UUID id) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM operator_token WHERE id = :id")
        .bind("id", id.toString())
        .map(SqlOperatorTokens::read)
        .findOne();
  }

  @Override
  public Optional<OperatorToken> delete(Transaction transaction, UUID id) {
    Optional<OperatorToken> token = find(transaction, id);
    transaction.handle().execute("DELETE FROM operator_token WHERE id = ?", id.toString());
    return token;
  }

  @Override
  public void deleteExpired(Transaction transaction, Instant before) {
    transaction
        .handle()
        .execute("DELETE FROM operator_token WHERE expires_at < ?", before.toEpochMilli());
  }

  @Override
  public List<String> selectors(Transaction transaction, Instant now) {
    return transaction
        .handle()
        .createQuery(
            "SELECT hosts FROM operator_token WHERE hosts IS NOT NULL AND expires_at > :now")
        .bind("now", now.toEpochMilli())
        .mapTo(String.class)
        .list();
  }

  private static OperatorToken read(ResultSet row, StatementContext context) throws SQLException {
    int mostHosts = row.getInt("most_hosts");
    OptionalInt most = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(mostHosts);
    return new OperatorToken(
        UUID.fromString(row.getString("id")),
        row.getString("name"),
        Role.valueOf(row.getString("role")),
        row.getInt("may_exec") == 1,
        most,
        Optional.ofNullable(row.getString("hosts")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }
}
