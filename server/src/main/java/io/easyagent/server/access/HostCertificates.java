package io.easyagent.server.access;

import io.easyagent.server.fleet.HostApproval;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the certificates of hosts stand. Every stream and call asks, so the answer is in memory; the
 * store has it, and memory follows each COMMIT.
 *
 * <p>A certificate that a host renewed stays good until the new one is used: the answer that
 * carried it may have been lost. From then on it is superseded.
 */
public final class HostCertificates implements HostRemoval, HostApproval {
  /** For so long after its end a certificate is good for its renewal. */
  public static final Duration RENEWABLE = Duration.ofDays(180);

  /** Half of a year's certificate: renewal is tried from one third of its life on. */
  private static final Duration LATE = CertificateAuthority.HOST_LIFETIME.dividedBy(2);

  private static final Duration REMEMBERED = Duration.ofDays(400);

  /** How a certificate stands. */
  public enum Standing {
    /** Good for everything. */
    VALID,
    /** A later one is in use: good for its renewal, until its end. */
    SUPERSEDED,
    /** Its time is over: good for its renewal, for 180 days. */
    EXPIRED,
    /**
     * Its time has been over for so long, or it was superseded too, that it is good for nothing.
     */
    LAPSED,
    /** Revoked, or never issued here. */
    REVOKED
  }

  private record Entry(HostId host, Instant notAfter, boolean used, boolean superseded) {
    Entry inUse() {
      return new Entry(host, notAfter, true, superseded);
    }

    Entry replaced() {
      return new Entry(host, notAfter, used, true);
    }
  }

  private final CertificateStore store;
  private final Reader reader;
  private final Writer writer;
  private final InstantSource clock;
  private final Map<String, Entry> known = new ConcurrentHashMap<>();
  private final Map<HostId, Set<String>> ofHosts = new ConcurrentHashMap<>();
  private final Map<String, Set<Runnable>> waiting = new ConcurrentHashMap<>();

  public HostCertificates(
      CertificateStore store, Reader reader, Writer writer, InstantSource clock) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.clock = clock;
    List<CertificateStore.Known> stored =
        reader.read(transaction -> store.known(transaction, clock.instant().minus(REMEMBERED)));
    stored.forEach(this::remember);
  }

  public Standing standing(HostCertificate certificate) {
    Entry entry = known.get(certificate.serial());
    if (entry == null || !entry.host().equals(certificate.host())) {
      return Standing.REVOKED;
    }
    Instant now = clock.instant();
    if (!now.isBefore(entry.notAfter())) {
      return !entry.superseded() && now.isBefore(entry.notAfter().plus(RENEWABLE))
          ? Standing.EXPIRED
          : Standing.LAPSED;
    }
    return entry.superseded() ? Standing.SUPERSEDED : Standing.VALID;
  }

  /** Whether a certificate with this end may be anybody's still: for renewal at least. */
  public boolean isTimely(Instant end) {
    return clock.instant().isBefore(end.plus(RENEWABLE));
  }

  /** Good for everything. */
  public boolean isValid(HostCertificate certificate) {
    return standing(certificate) == Standing.VALID;
  }

  /**
   * Whether what began with the certificate may go on: also when it was superseded meanwhile, for
   * the host is the same.
   */
  public boolean mayGoOn(HostCertificate certificate) {
    return switch (standing(certificate)) {
      case VALID, SUPERSEDED -> true;
      case EXPIRED, LAPSED, REVOKED -> false;
    };
  }

  /** When the certificate that the host uses, or will use next, ends. */
  public Optional<Instant> expires(HostId host) {
    return ofHosts.getOrDefault(host, Set.of()).stream()
        .map(known::get)
        .filter(entry -> entry != null && !entry.superseded() && entry.used())
        .map(Entry::notAfter)
        .max(Comparator.naturalOrder());
  }

  /** What an operator should know: the certificate should have been renewed long ago. */
  public Optional<String> concern(HostId host) {
    Instant now = clock.instant();
    return expires(host)
        .filter(end -> now.isAfter(end.minus(LATE)))
        .map(end ->
            now.isBefore(end)
                ? "its certificate expires " + end + " and has not been renewed"
                : now.isBefore(end.plus(RENEWABLE))
                    ? "its certificate expired "
                        + end
                        + "; the host can renew it until "
                        + end.plus(RENEWABLE)
                    : "its certificate expired "
                        + end
                        + ", too long ago to be renewed; on the host: easyagent-sidecar enroll"
                        + " --replace");
  }

  /**
   * Runs the action once when the certificate is revoked; at once when it is already. The action
   * must be quick.
   *
   * @return forgets the action
   */
  public Runnable whenRevoked(HostCertificate certificate, Runnable action) {
    waiting
        .computeIfAbsent(certificate.serial(), serial -> ConcurrentHashMap.newKeySet())
        .add(action);
    if (!known.containsKey(certificate.serial())) {
      action.run();
    }
    return () ->
        waiting.computeIfPresent(
            certificate.serial(),
            (serial, actions) -> {
              actions.remove(action);
              return actions.isEmpty() ? null : actions;
            });
  }

  /** The host opens a session with the certificate: those before it are superseded. Waits. */
  public void used(HostCertificate certificate) {
    Entry entry = known.get(certificate.serial());
    if (entry == null || entry.used()) {
      return;
    }
    writer.run(transaction -> {
      Set<String> superseded = store.use(transaction, certificate, clock.instant());
      transaction.afterCommit(() -> {
        known.computeIfPresent(certificate.serial(), (serial, before) -> before.inUse());
        supersede(superseded);
      });
    });
  }

  /** Which hosts do not use a certificate of the authority yet. */
  public CertificateStore.Unmoved unmoved(String authority, int names) {
    return reader.read(transaction -> store.unmoved(transaction, authority, names));
  }

  /** Certificates that ended long ago are forgotten, in memory too. */
  public Forgetting old() {
    return new Forgetting() {
      @Override
      public String what() {
        return "certificates";
      }

      @Override
      public Plan plan(Transaction reading) {
        Instant before = clock.instant().minus(REMEMBERED);
        return (writing, most) -> {
          int forgotten = store.forget(writing, before, most);
          if (forgotten > 0) {
            writing.afterCommit(() -> forget(before));
          }
          return forgotten;
        };
      }
    };
  }

  private void forget(Instant endedBefore) {
    known.forEach((serial, entry) -> {
      if (entry.notAfter().isBefore(endedBefore)) {
        known.remove(serial);
        ofHosts.computeIfPresent(
            entry.host(),
            (host, serials) -> {
              serials.remove(serial);
              return serials.isEmpty() ? null : serials;
            });
      }
    });
  }

  /** A host's first certificate, in use from the beginning. */
  void add(Transaction transaction, HostId host, X509Certificate certificate, String authority) {
    HostCertificate issued = insert(transaction, host, certificate, authority);
    Set<String> superseded = store.use(transaction, issued, clock.instant());
    Instant end = certificate.getNotAfter().toInstant();
    transaction.afterCommit(() -> {
      remember(issued, new Entry(host, end, true, false));
      supersede(superseded);
    });
  }

  /** A certificate in the place of another, which stays good until this one is used. */
  void addRenewed(
      Transaction transaction, HostId host, X509Certificate certificate, String authority) {
    HostCertificate issued = insert(transaction, host, certificate, authority);
    Set<String> superseded = store.supersedeUnused(transaction, issued, clock.instant());
    Instant end = certificate.getNotAfter().toInstant();
    transaction.afterCommit(() -> {
      remember(issued, new Entry(host, end, false, false));
      supersede(superseded);
    });
  }

  private HostCertificate insert(
      Transaction transaction, HostId host, X509Certificate certificate, String authority) {
    HostCertificate issued = new HostCertificate(host, HostCertificate.serial(certificate));
    store.insert(
        transaction,
        new CertificateStore.Issued(
            issued, authority, clock.instant(), certificate.getNotAfter().toInstant()));
    return issued;
  }

  private void remember(CertificateStore.Known each) {
    remember(
        each.certificate(),
        new Entry(each.certificate().host(), each.notAfter(), each.used(), each.superseded()));
  }

  private void remember(HostCertificate certificate, Entry entry) {
    known.put(certificate.serial(), entry);
    ofHosts
        .computeIfAbsent(certificate.host(), host -> ConcurrentHashMap.newKeySet())
        .add(certificate.serial());
  }

  private void supersede(Collection<String> serials) {
    serials.forEach(serial -> known.computeIfPresent(serial, (same, before) -> before.replaced()));
  }

  /** What the store knows of it; empty when it does not know it. */
  Optional<CertificateStore.Standing> find(Transaction transaction, HostCertificate certificate) {
    return store.find(transaction, certificate.serial());
  }

  /** It counts once its host is approved. */
  void addAwaiting(
      Transaction transaction, HostCertificate certificate, String authority, Instant end) {
    store.insertAwaiting(
        transaction, new CertificateStore.Issued(certificate, authority, clock.instant(), end));
  }

  @Override
  public void approving(Transaction transaction, HostId host) {
    List<CertificateStore.Known> approved = store.approve(transaction, host);
    transaction.afterCommit(() -> approved.forEach(this::remember));
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    Set<String> revoked = store.revokeAll(transaction, host, clock.instant());
    transaction.afterCommit(() -> {
      known.keySet().removeAll(revoked);
      ofHosts.remove(host);
      revoked.forEach(serial -> {
        Set<Runnable> actions = waiting.remove(serial);
        if (actions != null) {
          actions.forEach(Runnable::run);
        }
      });
    });
  }
}
