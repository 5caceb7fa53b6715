package io.easyagent.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import io.easyagent.server.store.StoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link SessionStore} promises. */
public abstract class SessionStoreContract extends StoreContract {
  private static final Instant LATER = NOW.plus(Duration.ofMinutes(1));

  private static NewSession session(long epoch) {
    return session(epoch, Map.of("os", "debian"));
  }

  private static NewSession session(long epoch, Map<String, String> facts) {
    return new NewSession(
        epoch,
        "nonce " + epoch,
        Optional.of("nonce " + (epoch - 1)),
        "generation",
        new Life("machine", "boot " + epoch, "instance " + epoch, "web", "10.0.0." + epoch),
        "2.0." + epoch,
        Set.of("definition-1", "of-" + epoch),
        facts);
  }

  private boolean open(HostId host, long expected, long epoch) {
    return write(
        transaction -> stores.sessions().open(transaction, host, expected, session(epoch), LATER));
  }

  private boolean inventory(HostId host, long epoch, String... conditions) {
    return write(transaction ->
        stores.sessions().putInventory(transaction, host, epoch, List.of(conditions)));
  }

  private boolean online(HostId host, long epoch, Instant now) {
    return write(transaction -> stores.sessions().online(transaction, host, epoch, now));
  }

  private boolean offline(HostId host, long epoch, Instant now) {
    return write(transaction -> stores.sessions().offline(transaction, host, epoch, now));
  }

  private boolean isCurrent(HostId host, long epoch) {
    boolean current = read(transaction -> stores.sessions().isCurrent(transaction, host, epoch));
    assertEquals(current, intake(host, epoch, "none").current(), "both say the same");
    return current;
  }

  private SessionStore.Intake intake(HostId host, long epoch, String incarnation) {
    return read(transaction -> stores.sessions().intake(transaction, host, epoch, incarnation));
  }

  private boolean takesCommands(HostId host, long epoch) {
    return read(transaction ->
        stores.sessions().takingCommands(transaction, Map.of(host, epoch)).contains(host));
  }

  private void declareConflict(HostId host, String... sides) {
    run(transaction -> stores.sessions().conflicted(transaction, host, List.of(sides), LATER));
  }

  private SessionRow row(HostId host) {
    return read(transaction -> stores.sessions().find(transaction, host)).orElseThrow();
  }

  private Host host(HostId host) {
    return read(transaction -> stores.hosts().find(transaction, host)).orElseThrow();
  }

  /** A host whose session of epoch 1 is open, with its inventory and its stream. */
  private HostId connected(String name) {
    HostId host = host(name);
    assertTrue(open(host, 0, 1));
    assertTrue(inventory(host, 1));
    assertTrue(online(host, 1, NOW));
    return host;
  }

  @Test
  void beforeItsFirstSessionAHostHasNone() {
    HostId host = host("web-1", Map.of("role", "web"));

    SessionRow row = row(host);

    assertEquals("web-1", row.hostName());
    assertEquals(0, row.epoch());
    assertEquals(Optional.empty(), row.nonce());
    assertEquals("machine of web-1", row.life().machineId());
    assertEquals("", row.generation());
    assertEquals(Map.of("role", "web"), row.labels());
    assertFalse(isCurrent(host, 0), "0 is nobody's epoch");
    assertFalse(inventory(host, 0));
    assertFalse(online(host, 0, LATER));
    assertEquals(HostStatus.PENDING, host(host).status());
    HostId unknown = new HostId(UUID.randomUUID());
    assertTrue(read(transaction -> stores.sessions().find(transaction, unknown)).isEmpty());
    assertFalse(open(unknown, 0, 1));
  }

  @Test
  void theEpochIsRaisedFromTheExpectedOneAlone() {
    HostId host = host("web-1");

    assertTrue(open(host, 0, 1));
    assertFalse(open(host, 0, 2), "another opened meanwhile");

    assertEquals(1, row(host).epoch());
    assertEquals(Optional.of("nonce 1"), row(host).nonce());
    assertEquals("boot 1", row(host).life().bootId());
    assertTrue(open(host, 1, 2));
    assertTrue(isCurrent(host, 2));
    assertFalse(isCurrent(host, 1));
    assertFalse(isCurrent(host, 3));
  }

  @Test
  void aSessionIsStoredWithAllThatItSays() {
    HostId host = host("web-1");
    open(host, 0, 1);

    SessionRow row = row(host);
    assertEquals(Optional.of("nonce 1"), row.nonce());
    assertEquals(Optional.of("nonce 0"), row.presented());
    assertEquals("generation", row.generation());
    assertEquals(new Life("machine", "boot 1", "instance 1", "web", "10.0.0.1"), row.life());
    assertEquals(Optional.of(LATER), row.lastSeen());
    assertEquals(Optional.of("2.0.1"), host(host).sidecarVersion());
    assertEquals(Set.of("definition-1", "of-1"), host(host).capabilities());
    assertEquals(Map.of("os", "debian"), host(host).facts());
    assertEquals(Optional.of(LATER), host(host).lastSeen());

    Map<String, String> facts = Map.of("os", "rhel", "cores", "8");
    run(transaction -> stores.sessions().open(transaction, host, 1, session(2, facts), LATER));
    assertEquals(facts, host(host).facts());
    run(transaction -> stores.sessions().open(transaction, host, 2, session(3, Map.of()), LATER));
    assertEquals(Map.of(), host(host).facts());
  }

  @Test
  void commandsFlowOnlyWithTheInventoryStoredAndTheStreamOpen() {
    HostId host = host("web-1");
    open(host, 0, 1);
    assertFalse(online(host, 1, LATER), "no inventory yet");
    assertTrue(inventory(host, 1, "no cgroups"));
    assertEquals(List.of("no cgroups"), host(host).conditions());
    assertFalse(takesCommands(host, 1), "no stream yet");
    assertTrue(online(host, 1, LATER));
    assertTrue(takesCommands(host, 1));
    assertEquals(HostStatus.ONLINE, host(host).status());
    assertEquals(LATER, host(host).statusSince());

    assertTrue(open(host, 1, 2));
    assertFalse(takesCommands(host, 1), "fenced");
    assertFalse(takesCommands(host, 2), "the new session has no inventory");
    assertEquals(HostStatus.OFFLINE, host(host).status(), "nor a stream");
    assertFalse(online(host, 2, LATER));
    assertTrue(inventory(host, 2));
    assertEquals(List.of(), host(host).conditions());
  }

  @Test
  void anEarlierSessionChangesNothing() {
    HostId host = connected("web-1");
    open(host, 1, 2);
    inventory(host, 2);
    online(host, 2, NOW);

    assertFalse(inventory(host, 1, "stale"));
    assertFalse(online(host, 1, LATER));
    assertFalse(offline(host, 1, LATER), "its stream was replaced");

    assertTrue(takesCommands(host, 2));
    assertEquals(List.of(), host(host).conditions());
    assertEquals(NOW, host(host).statusSince());
  }

  @Test
  void aStreamEndsOnce() {
    HostId host = connected("web-1");

    assertTrue(offline(host, 1, LATER));
    assertFalse(offline(host, 1, LATER.plus(Duration.ofHours(1))));

    assertEquals(HostStatus.OFFLINE, host(host).status());
    assertEquals(LATER, host(host).statusSince());
    assertEquals(Optional.of(LATER), host(host).lastSeen());
    assertTrue(isCurrent(host, 1), "what was on its way may still be reported");
    assertFalse(takesCommands(host, 1));
  }

  @Test
  void aServerThatStartsHasNoStreams() {
    HostId online = connected("one");
    HostId offline = connected("two");
    HostId pending = host("three");
    offline(offline, 1, NOW);

    run(transaction -> stores.sessions().allOffline(transaction, LATER));

    assertEquals(HostStatus.OFFLINE, host(online).status());
    assertEquals(LATER, host(online).statusSince());
    assertEquals(NOW, host(offline).statusSince(), "it has been away since then");
    assertEquals(HostStatus.PENDING, host(pending).status());
  }

  @Test
  void aConflictedHostHasNoSessionThatCounts() {
    HostId host = connected("web-1");

    declareConflict(host, "one", "other");
    declareConflict(host, "a third");

    assertEquals(HostStatus.CONFLICTED, host(host).status());
    assertEquals(List.of("one", "other"), host(host).conditions());
    assertFalse(isCurrent(host, 1));
    assertFalse(takesCommands(host, 1));
    assertFalse(inventory(host, 1));
    assertFalse(online(host, 1, LATER));
    assertFalse(offline(host, 1, LATER));
    assertFalse(open(host, 1, 2));
    assertEquals(HostStatus.CONFLICTED, host(host).status());
    assertEquals(1, row(host).epoch());
  }

  @Test
  void conditionsOutsideOfASessionChangeNothingOfIt() {
    HostId host = connected("web-1");
    offline(host, 1, NOW);
    SessionRow before = row(host);

    assertTrue(putConditions(host, "journal unreadable", LATER));
    assertFalse(putConditions(host, "journal unreadable", LATER.plus(Duration.ofMinutes(5))));

    assertEquals(before.epoch(), row(host).epoch());
    assertEquals(before.inventoryEpoch(), row(host).inventoryEpoch());
    assertEquals(before.nonce(), row(host).nonce());
    assertEquals(before.life(), row(host).life());
    assertEquals(List.of("journal unreadable"), host(host).conditions());
    assertEquals(Optional.of(LATER.plus(Duration.ofMinutes(5))), host(host).lastSeen());
    assertEquals(NOW, host(host).statusSince());
    assertTrue(putConditions(host, "something else", LATER));
    declareConflict(host, "one", "other");
    assertFalse(putConditions(host, "journal unreadable", LATER));
    assertEquals(List.of("one", "other"), host(host).conditions());
  }

  private boolean putConditions(HostId host, String condition, Instant now) {
    return write(
        transaction -> stores.sessions().putConditions(transaction, host, List.of(condition), now));
  }

  @Test
  void positionsAreKeptForEachHostAndIncarnation() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    assertEquals(OptionalLong.empty(), committed(host, "aa"));

    putCommitted(host, "aa", 0, NOW);
    putCommitted(host, "aa", 17, NOW);
    putCommitted(host, "bb", 3, NOW);
    putCommitted(other, "aa", 5, NOW);

    assertEquals(OptionalLong.of(17), committed(host, "aa"));
    assertEquals(OptionalLong.of(3), committed(host, "bb"));
    assertEquals(OptionalLong.of(5), committed(other, "aa"));
    assertEquals(OptionalLong.empty(), committed(other, "bb"));
  }

  @Test
  void onlyTheLatestIncarnationsAreKept() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    putCommitted(other, "0", 1, NOW);
    for (int i = 0; i < 40; i++) {
      putCommitted(host, Integer.toString(i), i, NOW.plusSeconds(i));
    }

    assertEquals(OptionalLong.empty(), committed(host, "23"));
    assertEquals(OptionalLong.of(24), committed(host, "24"));
    assertEquals(OptionalLong.of(39), committed(host, "39"));
    assertEquals(OptionalLong.of(1), committed(other, "0"));
  }

  private void putCommitted(HostId host, String incarnation, long number, Instant now) {
    run(transaction -> stores.sessions().putCommitted(transaction, host, incarnation, number, now));
  }

  private OptionalLong committed(HostId host, String incarnation) {
    return intake(host, 1, incarnation).committed();
  }
}
