package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.secret.SecretValue;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The variables of one agent's templates and commands, by name.
 *
 * @param secrets by their names without {@code secret.}
 */
public record Variables(Map<String, String> values, Map<String, SecretValue> secrets) {
  public Variables {
    values = Map.copyOf(values);
    secrets = Map.copyOf(secrets);
  }

  public Variables(Map<String, String> values) {
    this(values, Map.of());
  }

  /**
   * What a variable stands for.
   *
   * @param secret whether it must not be repeated in a message
   */
  record Value(String text, boolean secret) {
    /** For messages. */
    String shown() {
      return secret ? "of the secret" : PathNames.shown(text);
    }

    @Override
    public String toString() {
      return secret ? Redaction.MARK : text;
    }
  }

  /**
   * @param host {@code host.*}, {@code label.*} and {@code fact.*}
   */
  static Variables of(
      Map<String, String> host,
      AgentId id,
      AgentDefinition definition,
      AgentFolders folders,
      Map<String, SecretValue> secrets)
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
    return new Variables(values, secrets);
  }

  /** With {@code {{file}}}, the candidate of a validate command. */
  Variables withFile(Path file) {
    Map<String, String> more = new TreeMap<>(values);
    more.put("file", file.toString());
    return new Variables(more, secrets);
  }

  /** For what every user of the host can see: commands. */
  Variables forCommands() {
    return new Variables(values);
  }

  Redaction redaction() {
    return Redaction.of(secrets.values());
  }

  /**
   * @param place where the variable stands, for the message
   */
  Value require(String name, String place) throws PrepareException {
    String value = values.get(name);
    if (value != null) {
      return new Value(value, false);
    }
    if (name.startsWith(SecretNames.PREFIX)) {
      return secret(name, place);
    }
    if (name.equals("host.id")) {
      throw new PrepareException(
          place + ": {{host.id}} (expected: a host that is enrolled; this one never was)");
    }
    Optional<String> nearest = NearestName.find(name, values.keySet());
    if (nearest.isEmpty() && name.startsWith("label.")) {
      throw new PrepareException(
          place + ": {{" + name + "}} (expected: a label that the server has given this host)");
    }
    throw new PrepareException(
        place
            + ": unknown variable {{"
            + name
            + "}}"
            + nearest.map(found -> " (nearest known: {{" + found + "}})").orElse(""));
  }

  private Value secret(String name, String place) throws PrepareException {
    SecretValue secret = secrets.get(name.substring(SecretNames.PREFIX.length()));
    if (secret == null) {
      throw new PrepareException(
          place
              + ": {{"
              + name
              + "}} (expected: a secret that this host was given, and never one in a command)");
    }
    return new Value(secret.text(), true);
  }
}
