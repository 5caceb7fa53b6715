package io.easyagent.server.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.store.StoreContract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link EventStore} promises. */
public abstract class EventStoreContract extends StoreContract {
  private static final EventQuery ALL =
      new EventQuery(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty());

  private void insert(long id, NewEvent event) {
    run(transaction -> stores.events().insert(transaction, id, event));
  }

  private void insert(long id, Instant receivedAt) {
    insert(
        id, new NewEvent(receivedAt, NOW, Optional.empty(), Optional.empty(), "exited", "exit 1"));
  }

  private AgentId agent(HostId host, String name) {
    AgentId id = new AgentId(UUID.randomUUID());
    run(transaction ->
        stores
            .agents()
            .insert(
                transaction,
                id,
                host,
                new DefinitionText(name, AgentType.SERVICE, Optional.empty(), "{}"),
                1,
                DesiredState.RUNNING));
    return id;
  }

  private List<Long> list(EventQuery query) {
    return walk((transaction, page) -> stores.events().page(transaction, Scope.ALL, query, page))
        .stream()
        .map(Event::id)
        .toList();
  }

  private List<Long> first(EventQuery query, int limit) {
    return read(transaction -> stores.events().first(transaction, Scope.ALL, query, limit)).stream()
        .map(Event::id)
        .toList();
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void anEventKeepsTheNamesThatItsHostAndAgentHadThen() {
    HostId host = host("web-1");
    AgentId agent = agent(host, "filebeat");
    insert(
        1,
        new NewEvent(
            NOW.plusMillis(1), NOW, Optional.of(host), Optional.of(agent), "exited", "exit 1 ü"));
    insert(2, NOW);

    run(transaction -> stores.hosts().delete(transaction, host));

    assertEquals(
        List.of(
            new Event(
                1,
                NOW.plusMillis(1),
                NOW,
                Optional.of(host),
                Optional.of("web-1"),
                Optional.of(agent),
                Optional.of("filebeat"),
                "exited",
                "exit 1 ü"),
            new Event(
                2,
                NOW,
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "exited",
                "exit 1")),
        read(transaction -> stores.events().first(transaction, Scope.ALL, ALL, 10)));
  }

  @Test
  void theLastIdIsTheHighest() {
    assertEquals(0L, this.<Long>read(stores.events()::lastId));
    insert(7, NOW);
    insert(12, NOW);
    assertEquals(12L, this.<Long>read(stores.events()::lastId));
    assertRefused(transaction ->
        stores
            .events()
            .insert(
                transaction,
                12,
                new NewEvent(NOW, NOW, Optional.empty(), Optional.empty(), "again", "")));
  }

  @Test
  void listsAreNewestFirstAndGoOnOldestFirst() {
    for (long id = 1; id <= 11; id++) {
      insert(id, NOW);
    }

    assertEquals(ids(1, 11).reversed(), list(ALL));
    assertEquals(ids(5, 11), list(ALL.after(4)));
    assertEquals(ids(1, 3), first(ALL, 3));
    assertEquals(ids(5, 7), first(ALL.after(4), 3));
    assertEquals(List.of(), first(ALL.after(11), 3));
  }

  @Test
  void everyGivenPartMustMatch() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    AgentId agent = agent(host, "filebeat");
    insert(1, event(Optional.of(host), Optional.of(agent), "exited"));
    insert(2, event(Optional.of(host), Optional.empty(), "host-online"));
    insert(3, event(Optional.of(other), Optional.of(agent(other, "filebeat")), "started"));
    insert(4, event(Optional.of(host), Optional.of(agent(host, "vmagent")), "exited"));
    insert(5, event(Optional.empty(), Optional.empty(), "server-started"));

    assertEquals(List.of(4L, 2L, 1L), list(query(Optional.of(host), Optional.empty(), "")));
    assertEquals(List.of(1L), list(query(Optional.empty(), Optional.of(agent), "")));
    assertEquals(List.of(4L, 1L), list(query(Optional.empty(), Optional.empty(), "exited")));
    assertEquals(List.of(), list(query(Optional.of(host), Optional.of(agent), "started")));
    EventQuery byName =
        new EventQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.of("filebeat"),
            Optional.empty(),
            OptionalLong.empty());
    assertEquals(List.of(3L, 1L), list(byName));
    assertEquals(List.of(3L), list(byName.after(1)));
  }

  private static NewEvent event(Optional<HostId> host, Optional<AgentId> agent, String kind) {
    return new NewEvent(NOW, NOW, host, agent, kind, "");
  }

  private static EventQuery query(Optional<HostId> host, Optional<AgentId> agent, String kind) {
    return new EventQuery(
        host,
        agent,
        Optional.empty(),
        Optional.of(kind).filter(given -> !given.isEmpty()),
        OptionalLong.empty());
  }

  @Test
  void whatIsTooMuchIsForgottenAFewAtATime() {
    for (long id = 1; id <= 20; id++) {
      insert(id, NOW);
    }

    assertEquals(4, prune(10, NOW, 4));
    assertEquals(ids(5, 20), first(ALL, 100));
    assertEquals(6, prune(10, NOW, 100));
    assertEquals(0, prune(10, NOW, 100));
    assertEquals(ids(11, 20), first(ALL, 100));
  }

  @Test
  void whatIsTooOldIsForgottenButNeverTheNewest() {
    insert(1, NOW.minusMillis(2));
    insert(2, NOW);
    insert(3, NOW.minusMillis(1));
    insert(4, NOW.minusMillis(1));

    assertEquals(2, prune(100, NOW, 100));

    assertEquals(List.of(2L, 4L), first(ALL, 100));
    assertEquals(4L, this.<Long>read(stores.events()::lastId), "numbering goes on from it");
  }

  private int prune(long keep, Instant receivedBefore, int most) {
    return write(
        transaction -> stores.events().removeOldest(transaction, keep, receivedBefore, most));
  }
}
