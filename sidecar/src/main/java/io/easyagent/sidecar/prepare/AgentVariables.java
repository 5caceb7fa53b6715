package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.secret.SecretValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The variables of agents. Those of the host are kept with the agent when its definition is
 * applied, so that a sidecar that starts without the server launches what it launched before.
 */
public final class AgentVariables {
  private final HostFolders folders;
  private final Disk disk;
  private final SecretFiles secrets;
  private final Supplier<HostVariables> host;

  /**
   * @param host what is known of the host at the moment
   */
  public AgentVariables(
      HostFolders folders, Accounts accounts, SecretFiles secrets, Supplier<HostVariables> host) {
    this.folders = folders;
    this.disk = Disk.of(accounts);
    this.secrets = secrets;
    this.host = host;
  }

  /** For a definition that is about to be applied, once its secrets are here. */
  public Variables fresh(
      AgentId id, AgentDefinition definition, String hostName, Map<String, String> labels)
      throws PrepareException {
    AgentFolders own = folders.agent(definition.name());
    return Variables.of(
        host.get().called(hostName, labels).asMap(), id, definition, own, secrets.candidate(own));
  }

  /** For checks of a definition before its secrets are here: they stand for a word. */
  public Variables withoutSecrets(
      AgentId id, AgentDefinition definition, String hostName, Map<String, String> labels)
      throws PrepareException {
    Map<String, SecretValue> words = new TreeMap<>();
    SecretNames.of(definition).forEach(name -> words.put(name, new SecretValue("secret")));
    return Variables.of(
        host.get().called(hostName, labels).asMap(),
        id,
        definition,
        folders.agent(definition.name()),
        words);
  }

  /** For the definition in force; when nothing was kept, with what is known of the host now. */
  public Variables kept(AgentId id, AgentDefinition definition) throws PrepareException {
    AgentFolders own = folders.agent(definition.name());
    Map<String, String> known =
        Files.exists(own.variables()) ? read(own.variables()) : host.get().asMap();
    return Variables.of(known, id, definition, own, secrets.inForce(own));
  }

  /** Keeps the host's variables with the agent; not written when they are there already. */
  public void keep(AgentDefinition definition, String hostName, Map<String, String> labels)
      throws PrepareException, IOException {
    Path file = folders.agent(definition.name()).variables();
    Map<String, String> values = host.get().called(hostName, labels).asMap();
    if (!Files.exists(file) || !read(file).equals(values)) {
      disk.replace(file, format(values).getBytes(StandardCharsets.UTF_8), 0600, 0);
    }
  }

  private static Map<String, String> read(Path file) throws PrepareException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new PrepareException(
          "variables: " + file + " cannot be read: " + unreadable, unreadable);
    }
    Map<String, String> values = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      values.put(name, properties.getProperty(name));
    }
    return values;
  }

  /** The JDK's writer begins with the date: the same values would not give the same file. */
  private static String format(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException notInMemory) {
      throw new UncheckedIOException(notInMemory);
    }
    return text.toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
