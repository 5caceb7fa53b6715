package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.prepare.ConfigFiles.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a change asks of an agent that runs. */
sealed interface Consequence {

  record Restart() implements Consequence {}

  /**
   * @param names without SIG, in their order
   */
  record Signals(List<String> names) implements Consequence {}

  /**
   * @param changed whether anything is different at all
   */
  record Nothing(boolean changed) implements Consequence {}

  /**
   * Command, environment, user, limits, process settings, package and type ask for a restart; files
   * ask for what they say. The rest holds from the next launch on, and so does everything of an
   * agent that is scheduled: a run in progress ends as what it was begun as.
   */
  static Consequence of(AgentDefinition before, AgentDefinition after, List<Change> changes) {
    if (before.type() == AgentType.SCHEDULED && after.type() == AgentType.SCHEDULED) {
      return new Nothing(!changes.isEmpty() || !before.equals(after));
    }
    if (!before.command().equals(after.command())
        || !before.environment().equals(after.environment())
        || !before.user().equals(after.user())
        || !before.limits().equals(after.limits())
        || !before.process().equals(after.process())
        || !before.packageReference().equals(after.packageReference())
        || before.type() != after.type()) {
      return new Restart();
    }
    TreeSet<String> signals = new TreeSet<>();
    for (Change change : changes) {
      DefinedFile.Apply apply =
          find(after, change.path())
              .or(() -> find(before, change.path()))
              .map(DefinedFile::apply)
              .orElse(new DefinedFile.Apply.Restart());
      switch (apply) {
        case DefinedFile.Apply.Restart() -> {
          return new Restart();
        }
        case DefinedFile.Apply.Signal(String name) -> signals.add(name);
        case DefinedFile.Apply.Nothing() -> {}
      }
    }
    return signals.isEmpty()
        ? new Nothing(!changes.isEmpty() || !before.equals(after))
        : new Signals(new ArrayList<>(signals));
  }

  private static Optional<DefinedFile> find(AgentDefinition definition, String path) {
    return definition.files().stream().filter(file -> file.path().equals(path)).findFirst();
  }

  /** For the journal. */
  default String format() {
    return switch (this) {
      case Restart() -> "restart";
      case Signals(List<String> names) -> "signal:" + String.join(",", names);
      case Nothing(boolean changed) -> changed ? "changed" : "nothing";
    };
  }

  static Consequence parse(String text) {
    if (text.startsWith("signal:")) {
      return new Signals(Arrays.asList(text.substring("signal:".length()).split(",")));
    }
    return text.equals("restart") ? new Restart() : new Nothing(text.equals("changed"));
  }
}
