package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The variables of one agent's templates and commands, by name. */
public record Variables(Map<String, String> values) {
  public Variables {
    values = Map.copyOf(values);
  }

  /**
   * @param host {@code host.*}, {@code label.*} and {@code fact.*}
   */
  static Variables of(
      Map<String, String> host, AgentId id, AgentDefinition definition, AgentFolders folders)
      throws PrepareException {
    Map<String, String> values = new TreeMap<>(host);
    values.put("agent.id", id.toString());
    values.put("agent.name", definition.name());
    values.put("config", folders.config().toString());
    values.put("data", folders.data().toString());
    values.put("logs", folders.logs().toString());
    if (definition.packageReference().isPresent()) {
      String version = definition.packageReference().get().version();
      values.put("package", folders.version(version).toString());
    }
    return new Variables(values);
  }

  /** With {@code {{file}}}, the candidate of a validate command. */
  Variables withFile(Path file) {
    Map<String, String> more = new TreeMap<>(values);
    more.put("file", file.toString());
    return new Variables(more);
  }

  /**
   * @param place where the variable stands, for the message
   */
  String require(String name, String place) throws PrepareException {
    String value = values.get(name);
    if (value != null) {
      return value;
    }
    if (name.startsWith("secret.")) {
      throw new PrepareException(
          place + ": {{" + name + "}}: this sidecar does not know secrets yet");
    }
    Optional<String> nearest = NearestName.find(name, values.keySet());
    throw new PrepareException(
        place
            + ": unknown variable {{"
            + name
            + "}}"
            + nearest.map(found -> " (nearest known: {{" + found + "}})").orElse(""));
  }
}
