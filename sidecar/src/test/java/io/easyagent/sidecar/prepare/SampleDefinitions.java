package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.agent.StopRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions of an agent {@code filebeat} that runs as {@code beats}. */
public final class SampleDefinitions {
  private SampleDefinitions() {}

  public static AgentDefinition withFiles(List<DefinedFile> files) {
    return of(Optional.empty(), List.of("/bin/sh"), files, Optional.empty(), Optional.empty());
  }

  public static AgentDefinition of(
      Optional<PackageReference> reference,
      List<String> command,
      List<DefinedFile> files,
      Optional<Script> install,
      Optional<Script> uninstall) {
    return named("filebeat", "beats", reference, command, files, install, uninstall);
  }

  public static AgentDefinition named(
      String name,
      String user,
      Optional<PackageReference> reference,
      List<String> command,
      List<DefinedFile> files,
      Optional<Script> install,
      Optional<Script> uninstall) {
    return new AgentDefinition(
        name,
        AgentType.SERVICE,
        reference,
        user,
        command,
        Map.of("TZ", "UTC"),
        files,
        Optional.empty(),
        Optional.empty(),
        new RestartRule(
            RestartRule.Policy.ALWAYS,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10)),
        new StopRule("TERM", Duration.ofSeconds(30)),
        Limits.NONE,
        new LogRule(1 << 20, 3),
        install,
        uninstall);
  }
}
