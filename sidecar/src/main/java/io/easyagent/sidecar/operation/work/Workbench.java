package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.policy.PolicyRules;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.AgentLayout;
import io.easyagent.sidecar.prepare.AgentVariables;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.ConfigFiles;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.PackageStore;
import io.easyagent.sidecar.prepare.ScriptFiles;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.prepare.UnpackLimits;
import io.easyagent.sidecar.supervise.Tasks;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.util.Optional;

/** Everything that steps work with. */
public record Workbench(
    Journal journal,
    SupervisedAgents supervised,
    Tasks tasks,
    OperationTime time,
    Accounts accounts,
    HostFolders folders,
    AgentLayout layout,
    PackageStore packages,
    ConfigFiles files,
    AgentVariables variables,
    LaunchPlans plans,
    ScriptFiles scripts,
    PolicyRules rules,
    SecretFiles secrets,
    SecretSource secretSource,
    Ownership ownership,
    Upgrades upgrades) {

  /** With what follows from the host's folders and accounts made of these. */
  public static Workbench of(
      Journal journal,
      SupervisedAgents supervised,
      Tasks tasks,
      OperationTime time,
      Accounts accounts,
      HostFolders folders,
      Artifacts artifacts,
      AgentVariables variables,
      LaunchPlans plans,
      PolicyRules rules,
      SecretFiles secrets,
      SecretSource secretSource,
      Ownership ownership,
      Upgrades upgrades) {
    return new Workbench(
        journal,
        supervised,
        tasks,
        time,
        accounts,
        folders,
        new AgentLayout(folders, accounts),
        new PackageStore(folders, artifacts, accounts, UnpackLimits.DEFAULT),
        new ConfigFiles(accounts),
        variables,
        plans,
        new ScriptFiles(folders, accounts),
        rules,
        secrets,
        secretSource,
        ownership,
        upgrades);
  }

  /** Why the host does not do it: whose agent it is, or its own rules as they are now. */
  Optional<String> againstCommand(TakenCommand command) {
    Optional<AgentRecord> agent =
        command.command().agentId().map(id -> journal.state().agents().get(id));
    return ownership.against(command, agent).or(() -> rules.againstCommand(command, agent));
  }
}
