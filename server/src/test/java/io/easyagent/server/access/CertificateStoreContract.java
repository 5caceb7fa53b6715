package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.StoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link CertificateStore} promises. */
public abstract class CertificateStoreContract extends StoreContract {
  private static final Instant END = NOW.plus(Duration.ofDays(365));

  private void insert(HostId host, String serial, Instant notAfter) {
    run(transaction ->
        stores
            .certificates()
            .insert(transaction, new HostCertificate(host, serial), NOW, notAfter));
  }

  private Set<String> valid(Instant now) {
    return read(transaction -> stores.certificates().valid(transaction, now));
  }

  private Set<String> revokeAll(HostId host) {
    return write(transaction -> stores.certificates().revokeAll(transaction, host, NOW));
  }

  @Test
  void aCertificateIsValidUntilItsEnd() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    insert(host, "b2", END.plusMillis(1));

    assertEquals(Set.of("a1", "b2"), valid(END.minusMillis(1)));
    assertEquals(Set.of("b2"), valid(END));
    assertEquals(Set.of(), valid(END.plusMillis(1)));
  }

  @Test
  void aSerialIsIssuedOnce() {
    HostId host = host("web-1");
    insert(host, "a1", END);

    assertRefused(transaction ->
        stores.certificates().insert(transaction, new HostCertificate(host, "a1"), NOW, END));
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

    assertEquals(Set.of("b1"), valid(NOW));
    insert(host, "a3", END);
    assertEquals(Set.of("a3"), revokeAll(host));
  }

  @Test
  void whatWasRevokedStaysSoWhenItsHostIsGone() {
    HostId host = host("web-1");
    insert(host, "a1", END);
    revokeAll(host);

    run(transaction -> stores.hosts().delete(transaction, host));

    assertEquals(Set.of(), valid(NOW));
    assertRefused(transaction ->
        stores.certificates().insert(transaction, new HostCertificate(host, "a1"), NOW, END));
  }
}
