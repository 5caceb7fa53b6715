package io.easyagent.server.access.store;

import io.easyagent.server.access.CertificateStore;
import io.easyagent.server.access.HostCertificate;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Certificates in SQL. */
public final class SqlCertificates implements CertificateStore {
  @Override
  public void insert(
      Transaction transaction, HostCertificate certificate, Instant issuedAt, Instant notAfter) {
    insert(transaction, certificate, issuedAt, notAfter, false);
  }

  @Override
  public void insertAwaiting(
      Transaction transaction, HostCertificate certificate, Instant seenAt, Instant notAfter) {
    insert(transaction, certificate, seenAt, notAfter, true);
  }

  private static void insert(
      Transaction transaction,
      HostCertificate certificate,
      Instant issuedAt,
      Instant notAfter,
      boolean awaiting) {
    transaction
        .handle()
        .execute(
            "INSERT INTO host_certificate (serial, host_id, issued_at, not_after, awaiting)"
                + " VALUES (?, ?, ?, ?, ?)",
            certificate.serial(),
            certificate.host().toString(),
            issuedAt.toEpochMilli(),
            notAfter.toEpochMilli(),
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
  public Set<String> approve(Transaction transaction, HostId host) {
    Set<String> serials =
        transaction
            .handle()
            .createQuery(
                "SELECT serial FROM host_certificate"
                    + " WHERE host_id = :host AND awaiting = 1 AND revoked_at IS NULL")
            .bind("host", host.toString())
            .mapTo(String.class)
            .set();
    transaction
        .handle()
        .execute("UPDATE host_certificate SET awaiting = 0 WHERE host_id = ?", host.toString());
    return serials;
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
  public Set<String> valid(Transaction transaction, Instant now) {
    return transaction
        .handle()
        .createQuery(
            "SELECT serial FROM host_certificate"
                + " WHERE revoked_at IS NULL AND awaiting = 0 AND not_after > :now")
        .bind("now", now.toEpochMilli())
        .mapTo(String.class)
        .set();
  }
}
