package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.prepare.AgentFolders;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Points {@code current} at the new version; the one before stays for a way back. */
record SwitchVersion() implements Step {
  private static final String BEFORE = "version-before";

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public String doing() {
    return "switching the version";
  }

  @Override
  public boolean mayStopBefore() {
    return false;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    AgentFolders folders = context.folders(definition.name());
    Optional<String> next = definition.packageReference().map(PackageReference::version);
    Optional<String> before = context.bench().layout().findCurrent(folders);
    context.bench().layout().switchCurrent(folders, next);
    if (!before.equals(next)) {
      before.ifPresent(version -> context.memory().put(BEFORE, version));
      Set<String> kept = new HashSet<>();
      next.ifPresent(kept::add);
      before.ifPresent(kept::add);
      context.bench().layout().removeVersionsBut(folders, kept);
    }
    return Progress.next();
  }

  static Optional<String> findBefore(StepContext context) {
    return context.memory().find(BEFORE);
  }
}
