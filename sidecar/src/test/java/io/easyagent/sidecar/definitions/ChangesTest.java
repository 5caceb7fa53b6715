package io.easyagent.sidecar.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.wire.WrittenDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final AgentId NEW = AgentId.ofHost(new UUID(9, 9));

  private final List<AgentRecord> agents = new ArrayList<>();
  private final SortedMap<String, Candidate> candidates = new TreeMap<>();

  @Test
  void aHostThatIsAsDefinedIsLeftAlone() {
    held("a", 1, DesiredState.RUNNING);
    held("b", 2, DesiredState.STOPPED);
    defined("a");
    defined("b");
    assertEquals(List.of(), told());
  }

  @Test
  void whatIsNewIsInstalledInTheOrderOfStarts() {
    defined("a", "c");
    defined("b", "a");
    defined("c");
    assertEquals(List.of("install c", "install a", "install b"), told());
  }

  @Test
  void whatIsGoneGoesFirstTheLastOneFirst() {
    held("a", 1, DesiredState.RUNNING);
    held("b", 2, DesiredState.RUNNING, "a");
    held("kept", 3, DesiredState.RUNNING);
    defined("kept");
    defined("new");
    assertEquals(List.of("uninstall b", "uninstall a", "install new"), told());
  }

  @Test
  void whatIsDefinedOtherwiseIsConfiguredWithTheNextRevisionAndKeepsItsId() {
    AgentRecord before = held("a", 1, DesiredState.STOPPED);
    defined("a", "b");
    Changes changes = changes();
    assertEquals(List.of("configure a"), told(changes));
    Command.Configure configure = (Command.Configure) changes.inOrder().getFirst().command();
    assertEquals(before.id(), configure.agent());
    assertEquals(before.revision() + 1, configure.revision());
  }

  @Test
  void anAgentWithAFaultyFileIsLeftAsItIs() {
    held("a", 1, DesiredState.RUNNING);
    candidates.put("a", new Candidate.Faulty(List.of("1:1: not valid YAML")));
    defined("b");
    Changes changes = changes();
    assertEquals(List.of("install b"), told(changes));
    assertEquals(List.of("1:1: not valid YAML"), changes.faults().get("a"));
  }

  @Test
  void anAgentOfTheServerIsNeitherChangedNorRemoved() {
    AgentRecord servers =
        new AgentRecord(
            new AgentId(new UUID(0x7000, 1)),
            definition("a"),
            1,
            DesiredState.RUNNING,
            Optional.empty());
    agents.add(servers);
    assertEquals(List.of(), told());
    defined("a", "b");
    Changes changes = changes();
    assertEquals(List.of(), told(changes));
    assertEquals(
        List.of(
            "name: a (expected: a name that is free on this host; the server has installed agent "
                + servers.id()
                + ")"),
        changes.faults().get("a"));
  }

  @Test
  void whatWouldCloseACircleIsLeftOutAndTheRestIsDone() {
    held("a", 1, DesiredState.RUNNING);
    held("b", 2, DesiredState.RUNNING, "a");
    defined("a", "b");
    defined("b", "a");
    defined("c", "b");
    defined("x", "y");
    defined("y", "x");
    Changes changes = changes();
    assertEquals(List.of("install c"), told(changes));
    assertEquals(List.of("a", "x", "y"), List.copyOf(changes.faults().keySet()));
    String fault = changes.faults().get("a").getFirst();
    assertTrue(fault.startsWith("after: a → b → a (expected: an order without a circle"), fault);
  }

  @Test
  void whatCannotWorkHereIsNotBegun() {
    held("a", 1, DesiredState.RUNNING);
    defined("a", "b");
    defined("c");
    Changes changes =
        Changes.of(
            candidates,
            agents,
            (id, definition) ->
                definition.name().equals("c") ? Optional.of("user: nobody-here") : Optional.empty(),
            () -> NEW);
    assertEquals(List.of("configure a"), told(changes));
    assertEquals(List.of("user: nobody-here"), changes.faults().get("c"));
  }

  private Changes changes() {
    return Changes.of(candidates, agents, (id, definition) -> Optional.empty(), () -> NEW);
  }

  private List<String> told() {
    Changes changes = changes();
    assertEquals(new TreeMap<>(), changes.faults());
    return told(changes);
  }

  private static List<String> told(Changes changes) {
    return changes.inOrder().stream()
        .map(change -> {
          String kind =
              switch (change.command()) {
                case Command.Install install -> "install ";
                case Command.Configure configure -> "configure ";
                case Command.Uninstall uninstall when !uninstall.purge() -> "uninstall ";
                case Command.ForAgent other -> "unexpected " + other;
              };
          return kind + change.name();
        })
        .toList();
  }

  private AgentRecord held(String name, int number, DesiredState desired, String... after) {
    AgentRecord agent =
        new AgentRecord(
            AgentId.ofHost(new UUID(1, number)),
            definition(name, after),
            3,
            desired,
            Optional.empty());
    agents.add(agent);
    return agent;
  }

  private void defined(String name, String... after) {
    candidates.put(name, new Candidate.Defined(definition(name, after)));
  }

  private static AgentDefinition definition(String name, String... after) {
    String text =
        "{name: %s, user: beats, command: [/bin/sleep, inf]%s}"
            .formatted(name, after.length == 0 ? "" : ", after: " + Arrays.toString(after));
    return ((WrittenDefinition.Valid) WrittenDefinition.read(text)).definition();
  }
}
