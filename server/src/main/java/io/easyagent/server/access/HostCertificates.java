package io.easyagent.server.access;

import io.easyagent.server.fleet.HostApproval;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which certificates of hosts are good. Every stream and call asks, so the answer is in memory; the
 * store has it, and memory follows each COMMIT.
 */
public final class HostCertificates implements HostRemoval, HostApproval {
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

  /** What the store knows of it; empty when it does not know it. */
  Optional<CertificateStore.Standing> find(Transaction transaction, HostCertificate certificate) {
    return store.find(transaction, certificate.serial());
  }

  /** It counts once its host is approved. */
  void addAwaiting(Transaction transaction, HostCertificate certificate, Instant end) {
    store.insertAwaiting(transaction, certificate, clock.instant(), end);
  }

  @Override
  public void approving(Transaction transaction, HostId host) {
    Set<String> approved = store.approve(transaction, host);
    transaction.afterCommit(() -> valid.addAll(approved));
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    Set<String> revoked = store.revokeAll(transaction, host, clock.instant());
    transaction.afterCommit(() -> valid.removeAll(revoked));
  }
}
