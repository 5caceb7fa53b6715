package io.easyagent.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.HostCopy.Standing;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.store.StoreContract;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link CopyStore} promises. */
public abstract class CopyStoreContract extends StoreContract {
  private static HostCopy copy(String nonce, String name, Instant seen) {
    return HostCopy.claiming(nonce, "machine", "boot", name, "10.0.0.1", seen);
  }

  private void seen(HostId host, HostCopy copy) {
    run(transaction -> stores.copies().seen(transaction, host, copy));
  }

  private List<HostCopy> copies(HostId host) {
    return read(transaction -> stores.copies().of(transaction, host));
  }

  private boolean keep(HostId host, HostCopy copy) {
    return write(transaction -> stores.copies().keep(transaction, host, copy, NOW));
  }

  private SessionStore.SessionRow row(HostId host) {
    return read(transaction -> stores.sessions().find(transaction, host)).orElseThrow();
  }

  /** Conflicted in its session of epoch 1, whose nonce is "given". */
  private HostId conflicted(String name) {
    HostId host = host(name);
    NewSession session =
        new NewSession(
            1,
            "given",
            Optional.of(""),
            "generation",
            new Life("machine", "boot", "", name, "10.0.0.1"),
            "2.0.0",
            Set.of(),
            Map.of());
    run(transaction -> {
      stores.sessions().open(transaction, host, 0, session, NOW);
      stores.sessions().putCommitted(transaction, host, "aa", 7, NOW);
      stores.sessions().conflicted(transaction, host, List.of("two"), NOW);
    });
    return host;
  }

  @Test
  void aCopyThatComesAgainIsTheSameOne() {
    HostId host = host("web-1");
    HostCopy first = copy("n1", "web-1", NOW);
    seen(host, first);
    seen(host, copy("n2", "web-2", NOW.plusSeconds(1)));
    seen(
        host,
        HostCopy.claiming("n1", "machine", "boot 2", "web-1", "10.0.0.1", NOW.plusSeconds(9)));

    List<HostCopy> copies = copies(host);
    assertEquals(List.of("web-1", "web-2"), copies.stream().map(HostCopy::hostName).toList());
    assertEquals(first.id(), copies.getFirst().id());
    assertEquals("boot 2", copies.getFirst().bootId());
    assertEquals(NOW, copies.getFirst().firstSeen());
    assertEquals(NOW.plusSeconds(9), copies.getFirst().lastSeen());
    assertEquals(
        copies, read(transaction -> stores.hosts().find(transaction, host)).orElseThrow().copies());
    assertEquals(List.of(), copies(host("other")));
  }

  @Test
  void onlyAConflictedHostIsDecidedOn() {
    HostId host = host("web-1");
    HostCopy copy = copy("n1", "web-1", NOW);
    seen(host, copy);
    assertFalse(keep(host, copy));
    assertEquals(List.of(copy), copies(host));
  }

  @Test
  void theMachineOfTheLastSessionGoesOnAsItWas() {
    HostId host = conflicted("web-1");
    HostCopy last = copy("given", "web-1", NOW);
    HostCopy other = copy("stale", "web-2", NOW);
    seen(host, last);
    seen(host, other);

    assertTrue(keep(host, last));

    assertEquals(HostStatus.OFFLINE, row(host).status());
    assertEquals(Optional.of("given"), row(host).nonce());
    assertEquals(0, row(host).forkedEpoch());
    assertEquals(
        OptionalLong.of(7),
        read(transaction -> stores.sessions().intake(transaction, host, 1, "aa").committed()));
    assertEquals(List.of(other.id()), copies(host).stream().map(HostCopy::id).toList());
    assertEquals(Standing.REFUSED, copies(host).getFirst().standing());
    seen(host, other);
    assertEquals(Standing.REFUSED, copies(host).getFirst().standing(), "it stays refused");
  }

  @Test
  void anotherMachineGoesOnWithItsOwnOutboxAndWithoutWhatWasSent() {
    HostId host = conflicted("web-1");
    HostCopy other = copy("stale", "web-2", NOW);
    seen(host, other);

    assertTrue(keep(host, other));

    assertEquals(Optional.of("stale"), row(host).nonce());
    assertEquals(Optional.empty(), row(host).presented());
    assertEquals(1, row(host).forkedEpoch());
    assertEquals(
        OptionalLong.empty(),
        read(transaction -> stores.sessions().intake(transaction, host, 1, "aa").committed()));
    assertFalse(keep(host, other), "decided once");
  }

  @Test
  void whatIsKeptIsBoundedAndThoseThatClaimAreNotLost() {
    HostId host = conflicted("web-1");
    HostCopy kept = copy("kept", "web-1", NOW);
    HostCopy refused = copy("refused", "web-2", NOW);
    seen(host, kept);
    seen(host, refused);
    keep(host, kept);
    for (int number = 0; number < CopyStore.MOST + 5; number++) {
      seen(host, copy("n" + number, "web-1", NOW.plusSeconds(number)));
    }

    List<HostCopy> copies = copies(host);
    assertEquals(CopyStore.MOST, copies.size());
    assertTrue(copies.stream().noneMatch(copy -> copy.id().equals(refused.id())), "made room");
    assertEquals("n0", copies.getFirst().nonce(), "the first claims stay");
  }
}
