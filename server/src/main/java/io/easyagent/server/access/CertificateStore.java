package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Set;

/** The certificates that were issued to hosts. */
public interface CertificateStore {
  void insert(
      Transaction transaction, HostCertificate certificate, Instant issuedAt, Instant notAfter);

  /** Revokes every certificate of the host; the serials that were not revoked before. */
  Set<String> revokeAll(Transaction transaction, HostId host, Instant at);

  /** The serials of certificates that are neither revoked nor past their end. */
  Set<String> valid(Transaction transaction, Instant now);
}
