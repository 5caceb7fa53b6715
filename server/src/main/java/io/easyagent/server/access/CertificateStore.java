package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The certificates that were issued to hosts. */
public interface CertificateStore {
  void insert(
      Transaction transaction, HostCertificate certificate, Instant issuedAt, Instant notAfter);

  /** What the store knows of a certificate; empty when it does not know it. */
  Optional<Standing> find(Transaction transaction, String serial);

  /** As {@link #insert}, of one that does not count before its host is approved. */
  void insertAwaiting(
      Transaction transaction, HostCertificate certificate, Instant seenAt, Instant notAfter);

  /** The host's certificates that did not count do from now on; their serials. */
  Set<String> approve(Transaction transaction, HostId host);

  /** Revokes every certificate of the host; the serials that were not revoked before. */
  Set<String> revokeAll(Transaction transaction, HostId host, Instant at);

  /** The serials of certificates that count and are neither revoked nor past their end. */
  Set<String> valid(Transaction transaction, Instant now);

  /** How a certificate stands. */
  enum Standing {
    ISSUED,
    /** It counts once an operator has approved its host. */
    AWAITING,
    REVOKED
  }
}
