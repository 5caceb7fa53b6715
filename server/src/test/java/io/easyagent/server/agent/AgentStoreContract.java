package io.easyagent.server.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.ObservedAgent.Health;
import io.easyagent.server.agent.ObservedAgent.State;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.store.StoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link AgentStore} promises. */
public abstract class AgentStoreContract extends StoreContract {
  private static DefinitionText definition(String name, String json) {
    return new DefinitionText(name, AgentType.SERVICE, Optional.of(name + "@1.0"), json);
  }

  private static ObservedAgent observed(State state, long revision) {
    return new ObservedAgent(
        state,
        Health.NONE,
        DesiredState.RUNNING,
        revision,
        Optional.empty(),
        NOW,
        0,
        "",
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private AgentId insert(HostId host, DefinitionText definition, DesiredState desired) {
    AgentId id = new AgentId(UUID.randomUUID());
    run(transaction -> stores.agents().insert(transaction, id, host, definition, 1, desired));
    return id;
  }

  private AgentId insert(HostId host, String name) {
    return insert(host, definition(name, "{\"of\":\"" + name + "\"}"), DesiredState.RUNNING);
  }

  private Optional<Agent> find(AgentId id) {
    return read(transaction -> stores.agents().find(transaction, id));
  }

  private boolean observe(AgentId id, HostId host, ObservedAgent observed) {
    return write(transaction -> stores.agents().putObserved(transaction, id, host, observed));
  }

  @Test
  void anAgentIsAsItWasInserted() {
    HostId host = host("web-1");
    DefinitionText definition = definition("filebeat", "{\"name\":\"filebeat ü\"}");
    AgentId id = insert(host, definition, DesiredState.STOPPED);

    Agent agent = find(id).orElseThrow();

    assertEquals(id, agent.id());
    assertEquals(host, agent.host());
    assertEquals("web-1", agent.hostName());
    assertEquals(definition, agent.definition());
    assertEquals(1, agent.revision());
    assertEquals(DesiredState.STOPPED, agent.desired());
    assertEquals(Optional.empty(), agent.observed());
    assertEquals(Optional.of(agent), find(host, "filebeat"));
    assertEquals(Optional.empty(), find(host, "filebea"));
    assertEquals(Optional.empty(), find(new AgentId(UUID.randomUUID())));
  }

  private Optional<Agent> find(HostId host, String name) {
    return read(transaction -> stores.agents().find(transaction, host, name));
  }

  @Test
  void aNameIsUniqueOnItsHost() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    AgentId first = insert(host, "filebeat");

    assertRefused(transaction ->
        stores
            .agents()
            .insert(
                transaction,
                new AgentId(UUID.randomUUID()),
                host,
                definition("filebeat", "{}"),
                1,
                DesiredState.RUNNING));

    AgentId elsewhere = insert(other, "filebeat");
    assertEquals(first, find(host, "filebeat").orElseThrow().id());
    assertEquals(elsewhere, find(other, "filebeat").orElseThrow().id());
  }

  @Test
  void anAgentNeedsItsHost() {
    assertRefused(transaction ->
        stores
            .agents()
            .insert(
                transaction,
                new AgentId(UUID.randomUUID()),
                new HostId(UUID.randomUUID()),
                definition("filebeat", "{}"),
                1,
                DesiredState.RUNNING));
  }

  /** More hosts than any database takes as parameters of one statement without ado. */
  @Test
  void oneNameIsFoundOnManyHosts() {
    List<HostId> hosts = new ArrayList<>();
    run(transaction -> {
      for (int i = 0; i < 1_200; i++) {
        HostId host = new HostId(UUID.randomUUID());
        hosts.add(host);
        stores.hosts().insert(transaction, host, "host-" + i, "m", Map.of(), NOW);
        stores
            .agents()
            .insert(
                transaction,
                new AgentId(UUID.randomUUID()),
                host,
                definition(i % 2 == 0 ? "filebeat" : "vmagent", "{}"),
                1,
                DesiredState.RUNNING);
      }
    });

    Map<HostId, Agent> found =
        read(transaction -> stores.agents().find(transaction, hosts, "filebeat"));

    assertEquals(600, found.size());
    found.forEach((host, agent) -> {
      assertEquals(host, agent.host());
      assertEquals("filebeat", agent.name());
    });
    assertEquals(
        Map.of(), read(transaction -> stores.agents().find(transaction, List.of(), "filebeat")));
  }

  @Test
  void listsAreSortedByHostThenName() {
    HostId second = host("web-2", Map.of("role", "web"));
    HostId first = host("web-1", Map.of("role", "web"));
    HostId database = host("db-1", Map.of("role", "db"));
    insert(second, "vmagent");
    insert(second, "filebeat");
    insert(first, "vmagent");
    insert(first, "filebeat");
    insert(database, "vmagent");

    assertEquals(
        List.of(
            "db-1 vmagent", "web-1 filebeat", "web-1 vmagent", "web-2 filebeat", "web-2 vmagent"),
        list(AgentQuery.ALL));
    assertEquals(
        List.of("web-1 filebeat", "web-2 filebeat"),
        list(
            new AgentQuery(
                Optional.of(SelectorParser.parse("role=web")),
                Optional.empty(),
                Optional.of("filebeat"))));
    assertEquals(
        List.of("web-1 filebeat", "web-1 vmagent"),
        list(new AgentQuery(Optional.empty(), Optional.of(first), Optional.empty())));
    assertEquals(
        List.of(),
        list(
            new AgentQuery(
                Optional.of(SelectorParser.parse("role=db")),
                Optional.of(first),
                Optional.empty())),
        "every given part must match");
    assertEquals(
        List.of("filebeat", "vmagent"),
        read(transaction -> stores.agents().ofHost(transaction, second)).stream()
            .map(Agent::name)
            .toList());
  }

  private List<String> list(AgentQuery query) {
    return walk((transaction, page) -> stores.agents().page(transaction, query, page)).stream()
        .map(agent -> agent.hostName() + " " + agent.name())
        .toList();
  }

  @Test
  void aNewDefinitionIsTheNextRevision() {
    HostId host = host("web-1");
    AgentId id = insert(host, "filebeat");
    DefinitionText changed =
        new DefinitionText(
            "filebeat", AgentType.ONESHOT, Optional.of("filebeat@2.0"), "{\"new\":1}");

    assertEquals(2, putDefinition(id, changed));
    assertEquals(changed, find(id).orElseThrow().definition());
    assertEquals(2, find(id).orElseThrow().revision());
    assertEquals(3, putDefinition(id, changed), "a revision counts configurations, not contents");
    assertEquals(1, countUsing("filebeat@2.0"));
    assertEquals(0, countUsing("filebeat@1.0"));
  }

  @Test
  void whatAHostDefinesItselfIsAsItSays() {
    HostId host = host("web-1");
    AgentId id = insert(host, "filebeat");
    DefinitionText changed =
        new DefinitionText("filebeat", AgentType.ONESHOT, Optional.empty(), "{\"new\":1}");
    write(transaction -> {
      stores.agents().putHeld(transaction, id, changed, 7, DesiredState.STOPPED);
      return true;
    });
    Agent agent = find(id).orElseThrow();
    assertEquals(changed, agent.definition());
    assertEquals(7, agent.revision());
    assertEquals(DesiredState.STOPPED, agent.desired());
  }

  private long putDefinition(AgentId id, DefinitionText definition) {
    return write(transaction -> stores.agents().putDefinition(transaction, id, definition));
  }

  private long countUsing(String reference) {
    return read(transaction -> stores.agents().countUsing(transaction, reference));
  }

  @Test
  void whatIsDesiredAndWhatIsObservedAreApart() {
    HostId host = host("web-1");
    AgentId id = insert(host, "filebeat");
    ObservedAgent observed =
        new ObservedAgent(
            State.BACKING_OFF,
            Health.UNHEALTHY,
            DesiredState.RUNNING,
            7,
            Optional.of("8.15.3"),
            NOW.plusMillis(1),
            14,
            "exit 1",
            Optional.of(4711),
            Optional.of(NOW.plusSeconds(34)),
            List.of("no cgroup", "log cut"));

    assertTrue(observe(id, host, observed));
    run(transaction -> stores.agents().putDesired(transaction, id, DesiredState.STOPPED));

    assertEquals(Optional.of(observed), find(id).orElseThrow().observed());
    assertEquals(DesiredState.STOPPED, find(id).orElseThrow().desired());
    assertEquals(1, find(id).orElseThrow().revision());
    ObservedAgent bare = observed(State.RUNNING, 1);
    assertTrue(observe(id, host, bare));
    assertEquals(Optional.of(bare), find(id).orElseThrow().observed(), "nothing is left of before");
    run(transaction -> stores.agents().clearObserved(transaction, id));
    assertEquals(Optional.empty(), find(id).orElseThrow().observed());
  }

  @Test
  void noHostSpeaksForAnothersAgent() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    AgentId id = insert(host, "filebeat");

    assertFalse(observe(id, other, observed(State.RUNNING, 1)));
    assertFalse(observe(new AgentId(UUID.randomUUID()), host, observed(State.RUNNING, 1)));

    assertEquals(Optional.empty(), find(id).orElseThrow().observed());
  }

  @Test
  void aHostCountsTheAgentsThatAreAsDesired() {
    HostId host = host("web-1");
    AgentId running = insert(host, "running");
    AgentId drifting = insert(host, "drifting");
    AgentId crashed = insert(host, "crashed");
    AgentId stopped = insert(host, definition("stopped", "{}"), DesiredState.STOPPED);
    insert(host, "unseen");
    observe(running, host, observed(State.RUNNING, 1));
    observe(drifting, host, observed(State.RUNNING, 1));
    putDefinition(drifting, definition("drifting", "{\"v\":2}"));
    observe(crashed, host, observed(State.BACKING_OFF, 1));
    observe(stopped, host, observed(State.STOPPED, 1));

    assertEquals(
        new Host.AgentCounts(5, 2),
        read(transaction -> stores.hosts().find(transaction, host)).orElseThrow().agents());
  }

  @Test
  void aDeletedAgentLeavesItsName() {
    HostId host = host("web-1");
    AgentId id = insert(host, "filebeat");

    assertTrue(done(transaction -> stores.agents().delete(transaction, id)));

    assertFalse(done(transaction -> stores.agents().delete(transaction, id)));
    assertEquals(Optional.empty(), find(id));
    insert(host, "filebeat");
  }

  private long holding(String secret) {
    return read(transaction -> stores.agents().countHolding(transaction, secret));
  }

  @Test
  void whichSecretsWereGivenIsForgottenWithTheDefinition() {
    AgentId id = insert(host("web-1"), "filebeat");
    assertFalse(find(id).orElseThrow().outdatedSecret());
    run(transaction -> stores.agents().putSecrets(transaction, id, Map.of("key", 1L)));
    assertTrue(find(id).orElseThrow().outdatedSecret(), "a secret that is gone is outdated");
    assertEquals(1, holding("key"));
    assertEquals(0, holding("other"));

    putDefinition(id, definition("filebeat", "{\"v\":2}"));

    assertFalse(find(id).orElseThrow().outdatedSecret());
    assertEquals(0, holding("key"));
  }
}
