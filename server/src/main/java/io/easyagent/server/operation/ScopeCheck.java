package io.easyagent.server.operation;

import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.CommandLines;
import io.easyagent.server.agent.definition.CommandLines.CommandLine;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.TargetResolver;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what a caller submits is within its scope. It is looked at in the transaction that
 * accepts: what was looked up before may have changed.
 */
final class ScopeCheck {
  private final HostStore hosts;
  private final AgentStore agents;

  ScopeCheck(HostStore hosts, AgentStore agents) {
    this.hosts = hosts;
    this.agents = agents;
  }

  /**
   * @param batches of one request
   * @throws RefusedException NOT_FOUND for a host outside the scope; FORBIDDEN for too many hosts
   *     or a command line
   */
  void check(Transaction transaction, Scope scope, Collection<NewBatch> batches) {
    Set<HostId> wanted = new HashSet<>();
    batches.forEach(batch -> batch.orders().forEach(order -> wanted.add(order.host())));
    checkHosts(transaction, scope, wanted);
    if (!scope.commandLines()) {
      batches.forEach(batch -> checkCommandLines(transaction, batch));
    }
  }

  private void checkHosts(Transaction transaction, Scope scope, Set<HostId> wanted) {
    if (scope.mostHosts().isPresent() && wanted.size() > scope.mostHosts().getAsInt()) {
      throw new RefusedException(
          TargetResolver.tooMany(wanted.size(), scope.mostHosts().getAsInt()));
    }
    Set<HostId> among = hosts.among(transaction, scope, wanted);
    wanted.stream()
        .filter(host -> !among.contains(host))
        .findFirst()
        .ifPresent(host -> {
          throw new RefusedException(ErrorCode.NOT_FOUND, "there is no host " + host);
        });
  }

  private void checkCommandLines(Transaction transaction, NewBatch batch) {
    Map<DefinitionText, Set<CommandLine>> read = new HashMap<>();
    Map<HostId, Agent> present =
        batch
            .agent()
            .map(name ->
                agents.find(transaction, batch.orders().stream().map(Order::host).toList(), name))
            .orElse(Map.of());
    for (Order order : batch.orders()) {
      Optional<DefinitionText> before =
          Optional.ofNullable(present.get(order.host())).map(Agent::definition);
      switch (order.command()) {
        case Command.Exec _ -> throw refused("exec");
        case Command.Install install -> checkNew(read, install.definition(), before);
        case Command.Configure configure -> checkNew(read, configure.definition(), before);
        case Command.Start _,
            Command.Stop _,
            Command.Restart _,
            Command.Uninstall _,
            Command.UpgradeSidecar _,
            Command.ConfigureSidecar _ -> {}
      }
    }
  }

  /** Command lines that the agent has already were brought by somebody who may. */
  private static void checkNew(
      Map<DefinitionText, Set<CommandLine>> read,
      DefinitionText definition,
      Optional<DefinitionText> before) {
    Set<CommandLine> known = before.map(text -> lines(read, text)).orElse(Set.of());
    List<CommandLine> brought =
        lines(read, definition).stream().filter(line -> !known.contains(line)).toList();
    if (!brought.isEmpty()) {
      throw refused(brought.getFirst().place() + " of agent " + definition.name());
    }
  }

  private static Set<CommandLine> lines(
      Map<DefinitionText, Set<CommandLine>> read, DefinitionText text) {
    return read.computeIfAbsent(
        text, definition -> CommandLines.of(StoredDefinition.of(definition).definition()));
  }

  private static RefusedException refused(String what) {
    return new RefusedException(
        ErrorCode.FORBIDDEN,
        what + ": a command line, and this token may not exec (expected: a token that may)");
  }
}
