package io.easyagent.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.store.StoreContract;
import io.easyagent.server.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link HostStore} promises. */
public abstract class HostStoreContract extends StoreContract {
  private Host find(HostId id) {
    return read(transaction -> stores.hosts().find(transaction, id)).orElseThrow();
  }

  private HostId insert(String id, String name) {
    HostId host = HostId.of(id);
    run(transaction -> stores.hosts().insert(transaction, host, name, "m", Map.of(), NOW));
    return host;
  }

  private static HostQuery matching(String selector) {
    return new HostQuery(Optional.of(SelectorParser.parse(selector)), Optional.empty());
  }

  private void openSession(HostId host, Map<String, String> facts) {
    openSession(host, "2.0.0", Set.of("definition-1"), facts);
  }

  private void openSession(
      HostId host, String version, Set<String> capabilities, Map<String, String> facts) {
    NewSession session =
        new NewSession(
            1,
            "aa",
            Optional.of(""),
            "generation",
            new Life("machine", "boot", "instance", "web", "10.0.0.1"),
            version,
            capabilities,
            facts);
    assertTrue(done(transaction -> stores.sessions().open(transaction, host, 0, session, NOW)));
  }

  @Test
  void aHostIsAsItWasInserted() {
    HostId id = host("web-1", Map.of("role", "web", "tier", "front"));

    Host host = find(id);

    assertEquals("web-1", host.name());
    assertEquals(HostStatus.PENDING, host.status());
    assertEquals(NOW, host.statusSince());
    assertEquals(NOW, host.enrolledAt());
    assertEquals(Optional.empty(), host.lastSeen());
    assertEquals(Map.of("role", "web", "tier", "front"), host.labels());
    assertEquals(Map.of(), host.facts());
    assertEquals(Set.of(), host.capabilities());
    assertEquals(List.of(), host.conditions());
    assertEquals(new Host.AgentCounts(0, 0), host.agents());
    assertTrue(
        read(transaction -> stores.hosts().find(transaction, new HostId(UUID.randomUUID())))
            .isEmpty());
  }

  @Test
  void anIdIsTakenOnce() {
    HostId id = host("web-1");

    assertRefused(
        transaction -> stores.hosts().insert(transaction, id, "web-2", "m", Map.of(), NOW));

    assertEquals("web-1", find(id).name());
  }

  @Test
  void namesAreNotUniqueAndFoundSortedById() {
    HostId later = insert("bbbb0000-0000-4000-8000-000000000000", "twin");
    HostId earlier = insert("aaaa0000-0000-4000-8000-000000000000", "twin");
    host("other");

    assertEquals(List.of(earlier, later), ids(byName("twin", 10)));
    assertEquals(List.of(earlier), ids(byName("twin", 1)));
    assertEquals(List.of(), byName("twi", 10));
  }

  private List<Host> byName(String name, int limit) {
    return read(transaction -> stores.hosts().findByName(transaction, Scope.ALL, name, limit));
  }

  private static List<HostId> ids(List<Host> hosts) {
    return hosts.stream().map(Host::id).toList();
  }

  @Test
  void prefixesFindWhatBeginsSo() {
    HostId one = insert("77b0d1f2-0000-4000-8000-000000000001", "one");
    HostId two = insert("77b0d1f3-0000-4000-8000-000000000002", "two");
    HostId three = insert("77b1aaaa-0000-4000-8000-000000000003", "three");
    insert("f7b0d1f2-0000-4000-8000-000000000004", "four");

    assertEquals(List.of(one, two), ids(byPrefix("77b0", 10)));
    assertEquals(List.of(one, two, three), ids(byPrefix("77b", 10)));
    assertEquals(List.of(one, two), ids(byPrefix("77b", 2)));
    assertEquals(List.of(two), ids(byPrefix("77b0d1f3-0000", 10)));
    assertEquals(List.of(three), ids(byPrefix(three.toString(), 10)));
    assertEquals(List.of(), byPrefix("77b0d1f4", 10));
  }

  private List<Host> byPrefix(String prefix, int limit) {
    return read(
        transaction -> stores.hosts().findByIdPrefix(transaction, Scope.ALL, prefix, limit));
  }

  @Test
  void listsAreSortedByNameThenId() {
    insert("bbbb0000-0000-4000-8000-000000000000", "twin");
    insert("aaaa0000-0000-4000-8000-000000000000", "twin");
    insert("cccc0000-0000-4000-8000-000000000000", "a-host");
    insert("dddd0000-0000-4000-8000-000000000000", "Zebra");
    insert("eeee0000-0000-4000-8000-000000000000", "web_1");
    insert("ffff0000-0000-4000-8000-000000000000", "web-1");

    List<Host> walked =
        walk((transaction, page) -> stores.hosts().page(transaction, HostQuery.ALL, page));

    assertEquals(
        List.of("Zebra", "a-host", "twin", "twin", "web-1", "web_1"),
        walked.stream().map(Host::name).toList());
    assertEquals("aaaa", walked.get(2).id().toString().substring(0, 4));
    assertEquals(
        ids(walked), read(transaction -> stores.hosts().select(transaction, HostQuery.ALL)));
  }

  @Test
  void selectorsChooseByLabelsAndFacts() {
    HostId web = host("web", Map.of("role", "web", "env", "prod"));
    HostId canary = host("web-canary", Map.of("role", "web", "env", "test", "canary", "yes"));
    HostId bare = host("bare");
    openSession(web, Map.of("os", "debian"));
    openSession(bare, Map.of("os", "rhel"));

    assertEquals(List.of(web, canary), select("role=web"));
    assertEquals(List.of(web), select("role=web,!canary"));
    assertEquals(List.of(bare, web), select("env!=test"));
    assertEquals(List.of(web, canary), select("env in (prod,test)"));
    assertEquals(List.of(bare), select("env notin (prod,test)"));
    assertEquals(List.of(canary), select("canary"));
    assertEquals(List.of(web), select("fact.os=debian"));
    assertEquals(List.of(bare, web), select("fact.os"));
    assertEquals(List.of(), select(""), "an empty selector matches nothing");
  }

  private List<HostId> select(String selector) {
    List<HostId> selected =
        read(transaction -> stores.hosts().select(transaction, matching(selector)));
    List<Host> walked =
        walk((transaction, page) -> stores.hosts().page(transaction, matching(selector), page));
    assertEquals(selected, ids(walked), "a list shows what is selected");
    return selected;
  }

  @Test
  void bothPartsOfAQueryMustMatch() {
    host("web-1", Map.of("role", "web"));
    HostId two = host("web-2", Map.of("role", "web"));
    host("web-2", Map.of("role", "db"));
    HostQuery query =
        new HostQuery(Optional.of(SelectorParser.parse("role=web")), Optional.of("web-2"));

    assertEquals(List.of(two), read(transaction -> stores.hosts().select(transaction, query)));
  }

  /** More than any database takes as parameters of one statement without ado. */
  @Test
  void briefsOfManyHostsAreThoseThereAre() {
    Set<HostId> there = new HashSet<>();
    run(transaction -> {
      for (int i = 0; i < 1_200; i++) {
        HostId id = new HostId(UUID.randomUUID());
        stores.hosts().insert(transaction, id, "host-" + i, "m", Map.of(), NOW);
        there.add(id);
      }
    });
    List<HostId> asked = new ArrayList<>(there);
    asked.add(new HostId(UUID.randomUUID()));

    Map<HostId, HostBrief> briefs = read(transaction -> stores.hosts().briefs(transaction, asked));

    assertEquals(there, briefs.keySet());
    HostBrief brief = briefs.get(asked.getFirst());
    assertEquals(find(asked.getFirst()).name(), brief.name());
    assertEquals(HostStatus.PENDING, brief.status());
    assertFalse(brief.known());
    assertEquals(Map.of(), read(transaction -> stores.hosts().briefs(transaction, List.of())));
  }

  @Test
  void aHostIsKnownFromItsFirstSessionOnWhateverItUnderstands() {
    HostId silent = host("silent");
    HostId waiting = host("waiting");
    HostId first = host("first");
    HostId later = host("later");
    run(transaction ->
        stores.hosts().awaitApproval(transaction, waiting, List.of("it was restored"), NOW));
    openSession(first, "", Set.of(), Map.of());
    openSession(later, "2.0.1", Set.of("of-1"), Map.of());

    Map<HostId, HostBrief> briefs =
        read(transaction ->
            stores.hosts().briefs(transaction, List.of(silent, waiting, first, later)));

    assertFalse(briefs.get(silent).known());
    assertFalse(briefs.get(waiting).known());
    assertEquals(
        new HostBrief(first, "first", HostStatus.PENDING, Optional.of(""), Set.of()),
        briefs.get(first));
    assertTrue(briefs.get(first).known());
    assertEquals(
        new HostBrief(later, "later", HostStatus.PENDING, Optional.of("2.0.1"), Set.of("of-1")),
        briefs.get(later));
    assertTrue(briefs.get(later).known());
    for (HostBrief brief : briefs.values()) {
      assertEquals(brief, find(brief.id()).brief());
    }
  }

  @Test
  void onlyTheFactsThatAreAskedForAreFound() {
    HostId web = host("web-1");
    HostId db = host("db-1");
    HostId silent = host("silent");
    openSession(web, Map.of("osType", "linux", "architecture", "amd64", "os", "debian"));
    openSession(db, Map.of("osType", "linux"));
    Set<String> names = Set.of("osType", "architecture");

    assertEquals(
        Map.of(
            web, Map.of("osType", "linux", "architecture", "amd64"), db, Map.of("osType", "linux")),
        read(transaction -> stores.hosts().facts(transaction, List.of(web, db, silent), names)));
    assertEquals(
        Map.of(),
        read(transaction -> stores.hosts().facts(transaction, List.of(web), Set.of("kernel"))));
    assertEquals(
        Map.of(), read(transaction -> stores.hosts().facts(transaction, List.of(), names)));
  }

  @Test
  void countsLeaveOutStatusesWithoutHosts() {
    assertEquals(Map.of(), read(stores.hosts()::counts));
    HostId conflicted = host("one");
    host("two");
    host("three");
    run(transaction -> stores.sessions().conflicted(transaction, conflicted, List.of("x"), NOW));

    assertEquals(
        Map.of(HostStatus.CONFLICTED, 1L, HostStatus.PENDING, 2L), read(stores.hosts()::counts));
  }

  @Test
  void labelsAreReplacedAllTogether() {
    HostId host = host("web-1", Map.of("role", "web", "tier", "front"));
    HostId other = host("web-2", Map.of("role", "web"));

    run(transaction ->
        stores.hosts().putLabels(transaction, host, Map.of("role", "db", "new", "1")));

    assertEquals(Map.of("role", "db", "new", "1"), find(host).labels());
    assertEquals(Map.of("role", "web"), find(other).labels());
    run(transaction -> stores.hosts().putLabels(transaction, host, Map.of()));
    assertEquals(Map.of(), find(host).labels());
  }

  @Test
  void aHostAwaitsApprovalOnlyWhileItIsNotThere() {
    HostId host = host("web-1");
    Instant later = NOW.plus(Duration.ofMinutes(1));
    run(transaction -> stores.hosts().awaitApproval(transaction, host, List.of("why"), later));
    assertEquals(HostStatus.PENDING, find(host).status());
    assertEquals(List.of("why"), find(host).conditions());
    assertEquals(NOW, find(host).statusSince(), "it was pending before");

    assertTrue(done(transaction -> stores.hosts().approve(transaction, host, later)));
    assertEquals(HostStatus.PENDING, find(host).status(), "never connected");
    assertEquals(List.of(), find(host).conditions());

    HostId known = host("web-2");
    openSession(known, Map.of());
    run(transaction -> {
      stores.sessions().putInventory(transaction, known, 1, List.of());
      stores.sessions().online(transaction, known, 1, NOW);
      stores.hosts().awaitApproval(transaction, known, List.of("why"), later);
    });
    assertEquals(HostStatus.ONLINE, find(known).status());
    assertFalse(done(transaction -> stores.hosts().approve(transaction, known, later)));
    run(transaction -> {
      stores.sessions().offline(transaction, known, 1, NOW);
      stores.hosts().awaitApproval(transaction, known, List.of("why"), later);
    });
    assertEquals(HostStatus.PENDING, find(known).status());
    assertTrue(done(transaction -> stores.hosts().approve(transaction, known, later)));
    assertEquals(HostStatus.OFFLINE, find(known).status());
    run(transaction -> {
      stores.sessions().conflicted(transaction, known, List.of("two"), later);
      stores.hosts().awaitApproval(transaction, known, List.of("why"), later);
    });
    assertEquals(HostStatus.CONFLICTED, find(known).status());
    assertFalse(done(transaction -> stores.hosts().approve(transaction, known, later)));
  }

  @Test
  void ephemeralHostsAreGoneWhenTheyAreNotOnlineForLong() {
    HostId lasting = host("web-1");
    HostId shortLived = host("web-2");
    run(transaction -> stores.hosts().markEphemeral(transaction, shortLived));
    assertTrue(find(shortLived).ephemeral());
    assertFalse(find(lasting).ephemeral());

    assertEquals(List.of(), gone(NOW));
    assertEquals(List.of(shortLived), gone(NOW.plusMillis(1)));
    openSession(shortLived, Map.of());
    run(transaction -> {
      stores.sessions().putInventory(transaction, shortLived, 1, List.of());
      stores.sessions().online(transaction, shortLived, 1, NOW);
    });
    assertEquals(List.of(), gone(NOW.plusMillis(1)), "online");
    run(transaction -> stores.sessions().conflicted(transaction, shortLived, List.of("two"), NOW));
    assertEquals(List.of(), gone(NOW.plusMillis(1)), "an operator decides first");
  }

  private List<HostId> gone(Instant time) {
    return read(transaction -> stores.hosts().ephemeralGoneSince(transaction, time));
  }

  @Test
  void aHostGoesWithAllThatIsItsOwn() {
    HostId host = host("web-1", Map.of("role", "web"));
    HostId other = host("web-2", Map.of("role", "web"));
    AgentId agent = new AgentId(UUID.randomUUID());
    openSession(host, Map.of("os", "debian"));
    run(transaction -> {
      stores
          .agents()
          .insert(
              transaction,
              agent,
              host,
              new DefinitionText("filebeat", AgentType.SERVICE, Optional.empty(), "{}"),
              1,
              DesiredState.RUNNING);
      stores.sessions().putCommitted(transaction, host, "ab", 7, NOW);
    });
    assertEquals(new Host.AgentCounts(1, 0), find(host).agents());

    assertTrue(done(transaction -> stores.hosts().delete(transaction, host)));

    assertFalse(done(transaction -> stores.hosts().delete(transaction, host)));
    assertTrue(read(transaction -> stores.agents().find(transaction, agent)).isEmpty());
    assertEquals(List.of(other), select("role=web"));
    insert(host.toString(), "web-1");
    assertEquals(Map.of(), find(host).labels());
    assertEquals(Map.of(), find(host).facts());
    assertEquals(OptionalLong.empty(), committed(host));
  }

  private OptionalLong committed(HostId host) {
    return this.<OptionalLong>read((Transaction transaction) ->
        stores.sessions().intake(transaction, host, 1, "ab").committed());
  }
}
