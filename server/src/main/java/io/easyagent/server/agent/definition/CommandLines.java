package io.easyagent.server.agent.definition;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.Probe;
import io.easyagent.definition.Readiness;
import io.easyagent.definition.Script;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command lines in a definition with which whoever writes it decides what runs on a host:
 * scripts, hooks, probes, checks of files, and an agent's command unless it is a program of its
 * package.
 */
public final class CommandLines {
  private static final String OWN = "{{package}}/";

  private CommandLines() {}

  /**
   * @param place for example {@code health.command}
   * @param user that it runs as
   */
  public record CommandLine(String place, String user, List<String> words) {
    public CommandLine {
      words = List.copyOf(words);
    }
  }

  public static Set<CommandLine> of(AgentDefinition definition) {
    Set<CommandLine> found = new LinkedHashSet<>();
    String user = definition.user();
    definition.install().ifPresent(script -> found.add(script("install", user, script)));
    definition.uninstall().ifPresent(script -> found.add(script("uninstall", user, script)));
    if (!isOwn(definition)) {
      found.add(new CommandLine("command", user, definition.command()));
    }
    definition
        .ready()
        .flatMap(Readiness::probe)
        .ifPresent(probe -> addProbe(found, "ready.command", user, probe));
    definition
        .health()
        .ifPresent(health -> addProbe(found, "health.command", user, health.probe()));
    definition
        .hooks()
        .preStart()
        .ifPresent(hook -> found.add(new CommandLine("preStart.command", user, hook.command())));
    definition
        .hooks()
        .postStop()
        .ifPresent(hook -> found.add(new CommandLine("postStop.command", user, hook.command())));
    definition.files().stream()
        .filter(file -> !file.validate().isEmpty())
        .forEach(file ->
            found.add(
                new CommandLine("files." + file.path() + ".validate", user, file.validate())));
    return found;
  }

  private static CommandLine script(String place, String user, Script script) {
    List<String> words = new ArrayList<>(List.of(script.script()));
    words.addAll(script.parameters());
    return new CommandLine(place, user, words);
  }

  private static void addProbe(Set<CommandLine> found, String place, String user, Probe probe) {
    switch (probe) {
      case Probe.Command command -> found.add(new CommandLine(place, user, command.command()));
      case Probe.Http _, Probe.Tcp _ -> {}
    }
  }

  private static boolean isOwn(AgentDefinition definition) {
    String program = definition.command().isEmpty() ? "" : definition.command().getFirst();
    return definition.packageReference().isPresent()
        && program.startsWith(OWN)
        && List.of(program.split("/", -1)).stream().noneMatch(".."::equals);
  }
}
