package io.easyagent.cli.agent;

import io.easyagent.api.Agent;
import io.easyagent.api.Page;
import io.easyagent.api.Targets;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agents whose output is to be read. */
final class LoggedAgents {
  /** More streams are more than anybody reads, and each takes of the server's. */
  static final int MOST = 20;

  private LoggedAgents() {}

  /**
   * @param agent a name or an id
   * @param targets the hosts it is on; without any, it must be on one alone
   */
  static List<Agent> find(EasyAgentClient client, String agent, Optional<Targets> targets) {
    if (targets.isEmpty() || Inputs.isId(agent)) {
      return List.of(AgentCommands.require(client, agent, Optional.empty()));
    }
    Optional<List<String>> named = targets.get().hosts();
    if (named.isPresent()) {
      requireFew(agent, named.get().size());
      List<Agent> found = new ArrayList<>();
      named
          .get()
          .forEach(host -> found.add(AgentCommands.require(client, agent, Optional.of(host))));
      return found;
    }
    Page<Agent> page =
        client
            .agents(new AgentQuery(targets.get().selector(), Optional.empty(), Optional.of(agent)))
            .collect(MOST);
    if (page.items().isEmpty()) {
      throw new CommandException(
          ExitStatus.FAILED,
          "no agent \"" + agent + "\" on any of these hosts",
          "which there are: easyagent agent list");
    }
    requireFew(agent, page.total());
    return page.items();
  }

  private static void requireFew(String agent, long hosts) {
    if (hosts > MOST) {
      throw new CommandException(
          ExitStatus.USAGE,
          "agent \""
              + agent
              + "\" on "
              + Figures.count(hosts, "host")
              + " (expected: at most "
              + MOST
              + " at a time)",
          "say which: --host NAME, or a narrower --hosts SELECTOR");
    }
  }
}
