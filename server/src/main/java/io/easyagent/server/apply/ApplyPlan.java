package io.easyagent.server.apply;

import io.easyagent.definition.AgentType;
import io.easyagent.definition.DefinitionWriter;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.UnifiedDiff;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Compares one definition with what the hosts have. */
public final class ApplyPlan {
  private static final String SECRET_DIFF = "# a secret has been set anew\n";

  private ApplyPlan() {}

  /**
   * One item for each host, in their order. Hosts with the same need share one command.
   *
   * @param agents those hosts' agents with the definition's name
   */
  public static List<PlannedItem> of(
      StoredDefinition wanted, List<HostBrief> hosts, Map<HostId, Agent> agents) {
    return new Planning(wanted).plan(hosts, agents);
  }

  private static final class Planning {
    private final DefinitionText wanted;
    private final String wantedYaml;
    private final Command.Install install;
    private final String installDiff;
    private final Map<String, String> diffs = new HashMap<>();
    private final Map<Long, Command.Configure> configures = new HashMap<>();

    Planning(StoredDefinition definition) {
      wanted = definition.text();
      wantedYaml = DefinitionWriter.yaml(definition.definition());
      install = new Command.Install(wanted, definition.definition().type() != AgentType.ONESHOT);
      installDiff = UnifiedDiff.between("", wantedYaml);
    }

    List<PlannedItem> plan(List<HostBrief> hosts, Map<HostId, Agent> agents) {
      List<PlannedItem> items = new ArrayList<>();
      for (HostBrief host : hosts) {
        Agent agent = agents.get(host.id());
        items.add(
            agent == null
                ? new PlannedItem.Create(host, wanted.name(), installDiff, install)
                : compared(host, agent));
      }
      return items;
    }

    private PlannedItem compared(HostBrief host, Agent agent) {
      boolean same = agent.definition().json().equals(wanted.json());
      if (same && !agent.outdatedSecret()) {
        return new PlannedItem.Unchanged(host, wanted.name());
      }
      // Of a secret that was set anew nothing can be shown but that it was.
      String diff =
          same
              ? SECRET_DIFF
              : diffs.computeIfAbsent(
                  agent.definition().json(), _ -> UnifiedDiff.between(yaml(agent), wantedYaml));
      // The revision is the plan's: a change that comes in between is not overwritten unseen.
      Command.Configure configure =
          configures.computeIfAbsent(
              agent.revision(),
              revision -> new Command.Configure(wanted, OptionalLong.of(revision)));
      return new PlannedItem.Change(host, wanted.name(), diff, configure);
    }

    private static String yaml(Agent agent) {
      return DefinitionWriter.yaml(StoredDefinition.of(agent.definition()).definition());
    }
  }
}
