package io.easyagent.server.artifact.store;

import io.easyagent.server.artifact.PackageTable;
import io.easyagent.server.artifact.PackageVersion;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.StatementContext;

/** Packages in the table {@code package}. */
public final class SqlPackages implements PackageTable {
  @Override
  public void insert(Transaction transaction, PackageVersion version) {
    transaction
        .handle()
        .execute(
            "INSERT INTO package (name, version, sha256, size, pushed_at, pushed_by, signature)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
            version.name(),
            version.version(),
            version.sha256(),
            version.size(),
            version.pushedAt().toEpochMilli(),
            version.pushedBy(),
            version.signature().orElse(null));
  }

  @Override
  public void sign(Transaction transaction, PackageVersion version) {
    transaction
        .handle()
        .execute(
            "UPDATE package SET signature = ? WHERE name = ? AND version = ?",
            version.signature().orElse(null),
            version.name(),
            version.version());
  }

  @Override
  public Optional<PackageVersion> find(Transaction transaction, String name, String version) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM package WHERE name = :name AND version = :version")
        .bind("name", name)
        .bind("version", version)
        .map(SqlPackages::read)
        .findOne();
  }

  @Override
  public Page<PackageVersion> page(
      Transaction transaction, Optional<String> name, PageRequest request) {
    List<String> after = request.after(2).orElse(List.of("", ""));
    List<PackageVersion> found =
        transaction
            .handle()
            .createQuery(
                "SELECT * FROM package WHERE (:name = '' OR name = :name) AND (name > :afterName OR"
                    + " (name = :afterName AND version > :afterVersion)) ORDER BY name, version"
                    + " LIMIT :limit")
            .bind("name", name.orElse(""))
            .bind("afterName", after.getFirst())
            .bind("afterVersion", after.getLast())
            .bind("limit", request.limit() + 1)
            .map(SqlPackages::read)
            .list();
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM package WHERE :name = '' OR name = :name")
            .bind("name", name.orElse(""))
            .mapTo(Long.class)
            .one();
    return Page.of(found, request, total, row -> List.of(row.name(), row.version()));
  }

  @Override
  public void delete(Transaction transaction, String name, String version) {
    transaction
        .handle()
        .execute("DELETE FROM package WHERE name = ? AND version = ?", name, version);
  }

  @Override
  public Set<String> archives(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT DISTINCT sha256 FROM package")
        .mapTo(String.class)
        .set();
  }

  @Override
  public boolean isUsed(Transaction transaction, String sha256) {
    return transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM package WHERE sha256 = :sha256")
            .bind("sha256", sha256)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static PackageVersion read(ResultSet row, StatementContext context) throws SQLException {
    return new PackageVersion(
        row.getString("name"),
        row.getString("version"),
        row.getString("sha256"),
        row.getLong("size"),
        Instant.ofEpochMilli(row.getLong("pushed_at")),
        row.getString("pushed_by"),
        Optional.ofNullable(row.getString("signature")));
  }
}
