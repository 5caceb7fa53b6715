package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.Variables;
import java.util.Optional;

/** The definition that an install or configure brings. */
final class Definitions {
  private Definitions() {}

  static AgentDefinition of(StepContext context) {
    return switch (context.command().command()) {
      case Command.Install install -> install.definition();
      case Command.Configure configure -> configure.definition();
      case Command.Start other -> throw none(other);
      case Command.Stop other -> throw none(other);
      case Command.Restart other -> throw none(other);
      case Command.Uninstall other -> throw none(other);
      case Command.Exec other -> throw none(other);
      case Command.UpgradeSidecar other -> throw none(other);
      case Command.ConfigureSidecar other -> throw none(other);
    };
  }

  static Variables fresh(StepContext context) throws PrepareException {
    return context
        .bench()
        .variables()
        .fresh(
            context.agentId(),
            of(context),
            context.command().hostName(),
            context.command().labels());
  }

  /** For checks before the secrets are here. */
  static Variables withoutSecrets(StepContext context) throws PrepareException {
    return context
        .bench()
        .variables()
        .withoutSecrets(
            context.agentId(),
            of(context),
            context.command().hostName(),
            context.command().labels());
  }

  /** The agent as the journal will keep it. */
  static AgentRecord record(StepContext context) {
    AgentDefinition definition = of(context);
    DesiredState before =
        context.findAgent().map(AgentRecord::desired).orElse(DesiredState.STOPPED);
    return new AgentRecord(
        context.agentId(),
        definition,
        revision(context),
        startAsked(context) ? DesiredState.RUNNING : before,
        definition.packageReference().map(PackageReference::version));
  }

  static long revision(StepContext context) {
    return context.command().command() instanceof Command.Install install
        ? install.revision()
        : context.command().command() instanceof Command.Configure configure
            ? configure.revision()
            : 0;
  }

  static boolean startAsked(StepContext context) {
    return context.command().command() instanceof Command.Install install && install.start();
  }

  /** Whether the package differs from what is in force, or nothing is. */
  static boolean changesPackage(StepContext context) {
    Optional<PackageReference> wanted = of(context).packageReference();
    return wanted.isPresent()
        && context
            .findAgent()
            .flatMap(agent -> agent.definition().packageReference())
            .map(before -> !before.isSameContent(wanted.get()))
            .orElse(true);
  }

  private static IllegalStateException none(Command command) {
    return new IllegalStateException(command.getClass().getSimpleName() + " has no definition");
  }
}
