package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which certificates of hosts are good. Every stream and call asks, so the answer is in memory; the
 * store has it, and memory follows each COMMIT.
 */
public final class HostCertificates implements HostRemoval {
  private final CertificateStore store;
  private final InstantSource clock;
  private final Set<String> valid = ConcurrentHashMap.newKeySet();

  public HostCertificates(CertificateStore store, Reader reader, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    valid.addAll(reader.read(transaction -> store.valid(transaction, clock.instant())));
  }

  /** Issued here, and not revoked. Its end in time is checked by TLS. */
  public boolean isValid(HostCertificate certificate) {
    return valid.contains(certificate.serial());
  }

  void add(Transaction transaction, HostId host, X509Certificate certificate) {
    String serial = HostCertificate.serial(certificate);
    Instant end = certificate.getNotAfter().toInstant();
    store.insert(transaction, new HostCertificate(host, serial), clock.instant(), end);
    transaction.afterCommit(() -> valid.add(serial));
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    Set<String> revoked = store.revokeAll(transaction, host, clock.instant());
    transaction.afterCommit(() -> valid.removeAll(revoked));
  }
}
