package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.operation.Command;
import java.util.List;

/** The operations as what they are: ordered lists of steps. */
final class StepLists {
  private static final List<Step> PREPARED =
      List.of(
          new CheckDefinition(),
          new CreateFolders(),
          new FetchSecrets(),
          new PackageSteps.Fetch(),
          new PackageSteps.Verify(),
          new PackageSteps.Unpack(),
          new RunScript(RunScript.Which.INSTALL),
          new CheckProgram(),
          new RenderFiles(),
          new ValidateFiles(),
          new ReplaceFiles(),
          new SwitchVersion(),
          new KeepAgent(),
          new PlanLaunch(),
          new ApplyChange(),
          new StartProcess(true));

  private static final List<Step> START =
      List.of(new CheckInstalled(), new KeepDesired(DesiredState.RUNNING), new StartProcess(false));

  private static final List<Step> STOP =
      List.of(new CheckInstalled(), new KeepDesired(DesiredState.STOPPED), new StopProcess());

  private static final List<Step> RESTART =
      List.of(new CheckInstalled(), new KeepDesired(DesiredState.RUNNING), new RestartProcess());

  private static final List<Step> EXEC = List.of(new RunCommand.Check(), new RunCommand.Launch());

  private static final List<Step> UPGRADE_SIDECAR =
      List.of(
          new UpgradeSteps.Check(),
          new UpgradeSteps.Fetch(),
          new UpgradeSteps.Verify(),
          new UpgradeSteps.Unpack(),
          new UpgradeSteps.Prove(),
          new UpgradeSteps.Switch(),
          new UpgradeSteps.Confirm());

  private static final List<Step> CONFIGURE_SIDECAR =
      List.of(new SettingsSteps.Check(), new SettingsSteps.Switch(), new SettingsSteps.Confirm());

  private static final List<Step> UNINSTALL =
      List.of(
          new CheckInstalled(),
          new KeepDesired(DesiredState.STOPPED),
          new StopProcess(),
          new RunScript(RunScript.Which.UNINSTALL),
          new UninstallSteps.EndSupervision(),
          new UninstallSteps.RemoveFolders(),
          new UninstallSteps.ForgetAgent());

  private StepLists() {}

  static List<Step> of(Command command) {
    return switch (command) {
      case Command.Install install -> PREPARED;
      case Command.Configure configure -> PREPARED;
      case Command.Start start -> START;
      case Command.Stop stop -> STOP;
      case Command.Restart restart -> RESTART;
      case Command.Exec exec -> EXEC;
      case Command.Uninstall uninstall -> UNINSTALL;
      case Command.UpgradeSidecar upgrade -> UPGRADE_SIDECAR;
      case Command.ConfigureSidecar configure -> CONFIGURE_SIDECAR;
    };
  }
}
