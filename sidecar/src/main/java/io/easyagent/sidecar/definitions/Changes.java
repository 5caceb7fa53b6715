package io.easyagent.sidecar.definitions;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.StartOrder;
import io.easyagent.sidecar.operation.Command;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * What is to be done so that the host has the agents that its folder defines. An agent whose file
 * has a fault is left as it is; what the server has installed is not touched.
 *
 * @param inOrder agents whose files are gone first, in the reverse of the order of starts; then new
 *     and changed ones in that order
 * @param faults by the name of the agent that a file would define
 */
record Changes(List<Change> inOrder, SortedMap<String, List<String>> faults) {

  /**
   * @param name of the agent
   * @param definition that it is to have; empty: it is to be gone
   */
  record Change(String name, Optional<AgentDefinition> definition, Command.ForAgent command) {}

  /**
   * @param candidates by the agents' names, what their files say
   * @param agents all that the host has, in the order in which they were installed
   * @param check why a definition cannot work here, before anything is done
   * @param ids of new agents
   */
  static Changes of(
      SortedMap<String, Candidate> candidates,
      Collection<AgentRecord> agents,
      BiFunction<AgentId, AgentDefinition, Optional<String>> check,
      Supplier<AgentId> ids) {
    Map<String, AgentRecord> held = new LinkedHashMap<>();
    agents.forEach(agent -> held.put(agent.definition().name(), agent));
    SortedMap<String, List<String>> faults = new TreeMap<>();
    Map<String, AgentRecord> wanted = new LinkedHashMap<>();
    candidates.forEach((name, candidate) -> {
      switch (candidate) {
        case Candidate.Faulty(List<String> reasons) -> faults.put(name, reasons);
        case Candidate.Defined(AgentDefinition definition) -> {
          AgentRecord agent = next(Optional.ofNullable(held.get(name)), definition, ids);
          fault(agent, check)
              .ifPresentOrElse(
                  fault -> faults.put(name, List.of(fault)), () -> wanted.put(name, agent));
        }
      }
    });
    Map<String, AgentRecord> kept = new LinkedHashMap<>(held);
    kept.values().removeIf(agent -> isGone(agent, candidates));
    dropCircles(wanted, kept, faults);
    List<Change> changes = new ArrayList<>();
    for (AgentRecord agent : StartOrder.of(agents).reversed()) {
      if (isGone(agent, candidates)) {
        changes.add(
            new Change(
                agent.definition().name(),
                Optional.empty(),
                new Command.Uninstall(agent.id(), false)));
      }
    }
    for (AgentRecord agent : StartOrder.of(wanted.values())) {
      AgentDefinition definition = agent.definition();
      if (!held.containsKey(definition.name())) {
        changes.add(
            new Change(
                definition.name(),
                Optional.of(definition),
                new Command.Install(agent.id(), definition, agent.revision(), true)));
      } else if (!definition.equals(held.get(definition.name()).definition())) {
        changes.add(
            new Change(
                definition.name(),
                Optional.of(definition),
                new Command.Configure(agent.id(), definition, agent.revision())));
      }
    }
    return new Changes(List.copyOf(changes), faults);
  }

  private static boolean isGone(AgentRecord agent, SortedMap<String, Candidate> candidates) {
    return agent.id().isHosts() && !candidates.containsKey(agent.definition().name());
  }

  /** The agent as it would be. */
  private static AgentRecord next(
      Optional<AgentRecord> before, AgentDefinition definition, Supplier<AgentId> ids) {
    return before
        .map(agent ->
            new AgentRecord(
                agent.id(), definition, agent.revision() + 1, agent.desired(), Optional.empty()))
        .orElseGet(() ->
            new AgentRecord(ids.get(), definition, 1, DesiredState.RUNNING, Optional.empty()));
  }

  private static Optional<String> fault(
      AgentRecord agent, BiFunction<AgentId, AgentDefinition, Optional<String>> check) {
    return agent.id().isHosts()
        ? check.apply(agent.id(), agent.definition())
        : Optional.of(
            "name: "
                + agent.definition().name()
                + " (expected: a name that is free on this host; the server has installed agent "
                + agent.id()
                + ")");
  }

  /** What is new of a circle is left out, until there is none. */
  private static void dropCircles(
      Map<String, AgentRecord> wanted,
      Map<String, AgentRecord> kept,
      SortedMap<String, List<String>> faults) {
    while (true) {
      Map<String, List<String>> after = new LinkedHashMap<>();
      wanted.forEach((name, agent) -> after.put(name, agent.definition().after()));
      kept.forEach((name, agent) -> after.putIfAbsent(name, agent.definition().after()));
      Optional<List<String>> circle = StartOrder.findCycle(after);
      List<String> closing =
          circle.orElse(List.of()).stream()
              .distinct()
              .filter(wanted::containsKey)
              .filter(name -> !definition(wanted, name).equals(definition(kept, name)))
              .toList();
      if (closing.isEmpty()) {
        return;
      }
      for (String name : closing) {
        wanted.remove(name);
        faults.put(
            name,
            List.of(
                "after: "
                    + String.join(" → ", circle.orElseThrow())
                    + " (expected: an order without a circle, with the agents of this host)"));
      }
    }
  }

  private static Optional<AgentDefinition> definition(
      Map<String, AgentRecord> agents, String name) {
    return Optional.ofNullable(agents.get(name)).map(AgentRecord::definition);
  }
}
