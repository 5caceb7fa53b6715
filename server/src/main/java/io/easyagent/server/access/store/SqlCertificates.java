package io.easyagent.server.access.store;

import io.easyagent.server.access.CertificateStore;
import io.easyagent.server.access.HostCertificate;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Certificates in SQL. */
public final class SqlCertificates implements CertificateStore {
  private static final String KNOWN =
      "SELECT serial, host_id, not_after, used_at, superseded_at FROM host_certificate";

  private static final String UNMOVED =
      " FROM host h WHERE NOT EXISTS (SELECT 1 FROM host_certificate c WHERE c.host_id = h.id"
          + " AND c.authority = :authority AND c.revoked_at IS NULL AND c.superseded_at IS NULL"
          + " AND c.used_at IS NOT NULL)";

  @Override
  public void insert(Transaction transaction, Issued issued) {
    insert(transaction, issued, false);
  }

  @Override
  public void insertAwaiting(Transaction transaction, Issued seen) {
    insert(transaction, seen, true);
  }

  private static void insert(Transaction transaction, Issued issued, boolean awaiting) {
    transaction
        .handle()
        .execute(
            "INSERT INTO host_certificate"
                + " (serial, host_id, authority, issued_at, not_after, awaiting)"
                + " VALUES (?, ?, ?, ?, ?, ?)",
            issued.certificate().serial(),
            issued.certificate().host().toString(),
            issued.authority(),
            issued.issuedAt().toEpochMilli(),
            issued.notAfter().toEpochMilli(),
            awaiting ? 1 : 0);
  }

  @Override
  public Optional<Standing> find(Transaction transaction, String serial) {
    return transaction
        .handle()
        .createQuery("SELECT revoked_at, awaiting FROM host_certificate WHERE serial = :serial")
        .bind("serial", serial)
        .map((row, context) -> {
          if (row.getObject("revoked_at") != null) {
            return Standing.REVOKED;
          }
          return row.getBoolean("awaiting") ? Standing.AWAITING : Standing.ISSUED;
        })
        .findOne();
  }

  @Override
  public List<Known> approve(Transaction transaction, HostId host) {
    List<Known> approved =
        transaction
            .handle()
            .createQuery(KNOWN + " WHERE host_id = :host AND awaiting = 1 AND revoked_at IS NULL")
            .bind("host", host.toString())
            .map((row, context) -> known(row))
            .list();
    transaction
        .handle()
        .execute("UPDATE host_certificate SET awaiting = 0 WHERE host_id = ?", host.toString());
    return approved;
  }

  @Override
  public Set<String> revokeAll(Transaction transaction, HostId host, Instant at) {
    Set<String> serials =
        transaction
            .handle()
            .createQuery(
                "SELECT serial FROM host_certificate WHERE host_id = :host AND revoked_at IS NULL")
            .bind("host", host.toString())
            .mapTo(String.class)
            .set();
    transaction
        .handle()
        .execute(
            "UPDATE host_certificate SET revoked_at = ? WHERE host_id = ? AND revoked_at IS NULL",
            at.toEpochMilli(),
            host.toString());
    return serials;
  }

  @Override
  public List<Known> known(Transaction transaction, Instant endedSince) {
    return transaction
        .handle()
        .createQuery(KNOWN + " WHERE revoked_at IS NULL AND awaiting = 0 AND not_after > :since")
        .bind("since", endedSince.toEpochMilli())
        .map((row, context) -> known(row))
        .list();
  }

  private static Known known(ResultSet row) throws SQLException {
    return new Known(
        new HostCertificate(
            new HostId(UUID.fromString(row.getString("host_id"))), row.getString("serial")),
        Instant.ofEpochMilli(row.getLong("not_after")),
        row.getObject("used_at") != null,
        row.getObject("superseded_at") != null);
  }

  @Override
  public boolean isKnown(Transaction transaction, HostCertificate certificate) {
    return transaction
            .handle()
            .createQuery(
                "SELECT count(*) FROM host_certificate WHERE serial = :serial AND host_id = :host"
                    + " AND revoked_at IS NULL AND awaiting = 0")
            .bind("serial", certificate.serial())
            .bind("host", certificate.host().toString())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  @Override
  public Set<String> use(Transaction transaction, HostCertificate certificate, Instant at) {
    transaction
        .handle()
        .execute(
            "UPDATE host_certificate SET used_at = ? WHERE serial = ? AND used_at IS NULL",
            at.toEpochMilli(),
            certificate.serial());
    return supersede(transaction, certificate, at, "");
  }

  @Override
  public Set<String> supersedeUnused(Transaction transaction, HostCertificate except, Instant at) {
    return supersede(transaction, except, at, " AND used_at IS NULL");
  }

  private static Set<String> supersede(
      Transaction transaction, HostCertificate except, Instant at, String further) {
    String which =
        " WHERE host_id = :host AND serial <> :except AND revoked_at IS NULL"
            + " AND superseded_at IS NULL"
            + further;
    Set<String> serials =
        transaction
            .handle()
            .createQuery("SELECT serial FROM host_certificate" + which)
            .bind("host", except.host().toString())
            .bind("except", except.serial())
            .mapTo(String.class)
            .set();
    transaction
        .handle()
        .createUpdate("UPDATE host_certificate SET superseded_at = :at" + which)
        .bind("at", at.toEpochMilli())
        .bind("host", except.host().toString())
        .bind("except", except.serial())
        .execute();
    return serials;
  }

  @Override
  public long countIssued(Transaction transaction, HostId host, Instant since) {
    return transaction
        .handle()
        .createQuery(
            "SELECT count(*) FROM host_certificate WHERE host_id = :host AND issued_at > :since")
        .bind("host", host.toString())
        .bind("since", since.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  @Override
  public Unmoved unmoved(Transaction transaction, String authority, int names) {
    long count =
        transaction
            .handle()
            .createQuery("SELECT count(*)" + UNMOVED)
            .bind("authority", authority)
            .mapTo(Long.class)
            .one();
    List<String> some =
        transaction
            .handle()
            .createQuery("SELECT h.name" + UNMOVED + " ORDER BY h.name, h.id LIMIT :names")
            .bind("authority", authority)
            .bind("names", names)
            .mapTo(String.class)
            .list();
    return new Unmoved(count, some);
  }

  @Override
  public int forget(Transaction transaction, Instant endedBefore, int most) {
    return transaction
        .handle()
        .execute(
            "DELETE FROM host_certificate WHERE serial IN"
                + " (SELECT serial FROM host_certificate WHERE not_after < ? LIMIT ?)",
            endedBefore.toEpochMilli(),
            most);
  }
}
