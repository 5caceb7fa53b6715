package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.StoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every {@link CertificateStore} promises. */
public abstract class CertificateStoreContract extends StoreContract {
  private static final Instant END = NOW.plus(Duration.ofDays(365));

  private static final String ISSUER = "ab".repeat(32);
  private static final Instant LONG_AGO = Instant.EPOCH;

  private static HostCertificate certificate(HostId host, String serial) {
    return new HostCertificate(host, serial);
  }

  private void insert(HostId host, String serial, Instant notAfter) {
    insert(host, serial, ISSUER, notAfter);
  }

  private void insert(HostId host, String serial, String authority, Instant notAfter) {
    run(transaction ->
        stores
            .certificates()
            .insert(
                transaction,
                new CertificateStore.Issued(certificate(host, serial), authority, NOW, notAfter)));
  }

  private Set<String> use(HostId host, String serial) {
    return write(
        transaction -> stores.certificates().use(transaction, certificate(host, serial), NOW));
  }

  private Set<String> known(Instant endedSince) {
    return read(transaction -> stores.certificates().known(transaction, endedSince)).stream()
        .map(known -> known.certificate().serial())
        .collect(Collectors.toSet());
  }

  private CertificateStore.Known one(String serial) {
    return read(transaction -> stores.certificates().known(transaction, LONG_AGO)).stream()
        .filter(known -> known.certificate().serial().equals(serial))
        .findFirst()
        .orElseThrow();
  }

  private Set<String> revokeAll(HostId host) {
    return write(transaction -> stores.certificates().revokeAll(transaction, host, NOW));
  }

  @Test
  void certificatesAreKnownByTheirEnd() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    insert(host, "b2", END.plusMillis(1));

    assertEquals(Set.of("a1", "b2"), known(END.minusMillis(1)));
    assertEquals(Set.of("b2"), known(END));
    assertEquals(
        1,
        (int)
            write(
                transaction -> stores.certificates().forget(transaction, END.plusMillis(1), 100)));
    assertEquals(Set.of("b2"), known(LONG_AGO));
  }

  @Test
  void whatIsUsedSupersedesAllOthersOfItsHost() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    insert(host, "a2", END);
    insert(host("web-2"), "b1", END);
    assertEquals(Set.of("a2"), use(host, "a1"));
    assertEquals(Set.of(), use(host, "a1"));
    insert(host, "a3", END);

    assertEquals(Set.of("a1"), use(host, "a3"));

    assertEquals(new CertificateStore.Known(certificate(host, "a1"), END, true, true), one("a1"));
    assertEquals(new CertificateStore.Known(certificate(host, "a3"), END, true, false), one("a3"));
    assertFalse(one("b1").superseded());
  }

  @Test
  void whatWasNeverUsedIsSupersededByTheNext() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    use(host, "a1");
    insert(host, "a2", END);
    insert(host, "a3", END);

    assertEquals(
        Set.of("a2"),
        write(transaction ->
            stores.certificates().supersedeUnused(transaction, certificate(host, "a3"), NOW)));
    assertFalse(one("a1").superseded());
    assertEquals(
        3L,
        (long)
            read(transaction ->
                stores.certificates().countIssued(transaction, host, NOW.minusMillis(1))));
    assertEquals(
        0L, (long) read(transaction -> stores.certificates().countIssued(transaction, host, NOW)));
  }

  @Test
  void aHostHasMovedWhenItUsesACertificateOfTheAuthority() {
    HostId one = host("web-1");
    HostId two = host("web-2");
    String next = "cd".repeat(32);
    insert(one, "a1", ISSUER, END);
    use(one, "a1");
    insert(two, "b1", ISSUER, END);
    use(two, "b1");
    assertEquals(new CertificateStore.Unmoved(0, List.of()), unmoved(ISSUER));
    insert(one, "a2", next, END);
    assertEquals(new CertificateStore.Unmoved(2, List.of("web-1", "web-2")), unmoved(next));

    use(one, "a2");

    assertEquals(new CertificateStore.Unmoved(1, List.of("web-2")), unmoved(next));
    assertEquals(new CertificateStore.Unmoved(1, List.of("web-1")), unmoved(ISSUER));
  }

  private CertificateStore.Unmoved unmoved(String authority) {
    return read(transaction -> stores.certificates().unmoved(transaction, authority, 5));
  }

  @Test
  void aSerialIsIssuedOnce() {
    HostId host = host("web-1");
    insert(host, "a1", END);

    assertRefused(transaction ->
        stores
            .certificates()
            .insert(
                transaction,
                new CertificateStore.Issued(certificate(host, "a1"), ISSUER, NOW, END)));
  }

  @Test
  void allOfAHostAreRevokedOnce() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    insert(host, "a1", END);
    insert(host, "a2", END);
    insert(other, "b1", END);

    assertEquals(Set.of("a1", "a2"), revokeAll(host));
    assertEquals(Set.of(), revokeAll(host));

    assertEquals(Set.of("b1"), known(NOW));
    assertFalse(
        done(transaction -> stores.certificates().isKnown(transaction, certificate(host, "a1"))));
    assertTrue(
        done(transaction -> stores.certificates().isKnown(transaction, certificate(other, "b1"))));
    assertFalse(
        done(transaction -> stores.certificates().isKnown(transaction, certificate(host, "b1"))));
    insert(host, "a3", END);
    assertEquals(Set.of("a3"), revokeAll(host));
  }

  @Test
  void whatWasRevokedStaysSoWhenItsHostIsGone() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    revokeAll(host);

    run(transaction -> stores.hosts().delete(transaction, host));

    assertEquals(Set.of(), known(NOW));
    assertRefused(transaction ->
        stores
            .certificates()
            .insert(
                transaction,
                new CertificateStore.Issued(certificate(host, "a1"), ISSUER, NOW, END)));
  }
}
