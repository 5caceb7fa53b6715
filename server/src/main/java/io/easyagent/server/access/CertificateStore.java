package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The certificates that were issued to hosts. */
public interface CertificateStore {
  /**
   * @param authority fingerprint of the one that issued it
   */
  record Issued(
      HostCertificate certificate, String authority, Instant issuedAt, Instant notAfter) {}

  /** A certificate that is not revoked. */
  record Known(HostCertificate certificate, Instant notAfter, boolean used, boolean superseded) {}

  /** The hosts that do not use a certificate of an authority: how many, and a few names. */
  record Unmoved(long count, List<String> names) {}

  void insert(Transaction transaction, Issued certificate);

  /** What the store knows of a certificate; empty when it does not know it. */
  Optional<Standing> find(Transaction transaction, String serial);

  /** As {@link #insert}, of one that does not count before its host is approved. */
  void insertAwaiting(Transaction transaction, Issued certificate);

  /** The host's certificates that did not count do from now on. */
  List<Known> approve(Transaction transaction, HostId host);

  /** Revokes every certificate of the host; the serials that were not revoked before. */
  Set<String> revokeAll(Transaction transaction, HostId host, Instant at);

  /** Those that count, are not revoked and did not end before. */
  List<Known> known(Transaction transaction, Instant endedSince);

  /** Whether it was issued, counts and is not revoked. */
  boolean isKnown(Transaction transaction, HostCertificate certificate);

  /**
   * The certificate is in use. Every other of its host is superseded; their serials, those only
   * that were not before.
   */
  Set<String> use(Transaction transaction, HostCertificate certificate, Instant at);

  /** Supersedes those of the host that were never used, but for one; their serials. */
  Set<String> supersedeUnused(Transaction transaction, HostCertificate except, Instant at);

  long countIssued(Transaction transaction, HostId host, Instant since);

  /**
   * @param names at most so many names
   */
  Unmoved unmoved(Transaction transaction, String authority, int names);

  /**
   * Forgets certificates that ended before, at most that many; they are refused like any that was
   * never issued.
   */
  int forget(Transaction transaction, Instant endedBefore, int most);

  /** How a certificate stands. */
  enum Standing {
    ISSUED,
    /** It counts once an operator has approved its host. */
    AWAITING,
    REVOKED
  }
}
