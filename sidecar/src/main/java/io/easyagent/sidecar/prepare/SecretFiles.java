package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.secret.HeldSecret;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.secret.SecretValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values that an agent's definition names, beside its files: one file, root's, mode 0600, so
 * that the agent can be launched without the server, and its output can be redacted. Values of a
 * definition that is not in force yet are in a file of their own.
 */
public final class SecretFiles {
  private static final int MODE = 0600;

  private final HostFolders folders;
  private final Disk disk;

  public SecretFiles(HostFolders folders, Accounts accounts) {
    this.folders = folders;
    this.disk = Disk.of(accounts);
  }

  /** Keeps the values of a definition that is about to be applied; none removes them. */
  public void keepCandidate(AgentFolders agent, List<HeldSecret> secrets) throws IOException {
    if (secrets.isEmpty()) {
      discardCandidate(agent);
    } else {
      disk.replace(
          agent.nextSecrets(), format(secrets).getBytes(StandardCharsets.US_ASCII), MODE, 0);
    }
  }

  public void discardCandidate(AgentFolders agent) throws IOException {
    if (Files.deleteIfExists(agent.nextSecrets())) {
      Disk.syncParent(agent.nextSecrets());
    }
  }

  /** The candidate's values are those in force. Idempotent. */
  public void putInForce(AgentDefinition definition, AgentFolders agent) throws IOException {
    if (Files.exists(agent.nextSecrets(), LinkOption.NOFOLLOW_LINKS)) {
      Disk.rename(agent.nextSecrets(), agent.secrets());
    } else if (SecretNames.of(definition).isEmpty() && Files.deleteIfExists(agent.secrets())) {
      Disk.syncParent(agent.secrets());
    }
  }

  Map<String, SecretValue> candidate(AgentFolders agent) throws PrepareException {
    return read(agent.nextSecrets());
  }

  Map<String, SecretValue> inForce(AgentFolders agent) throws PrepareException {
    return read(agent.secrets());
  }

  /**
   * Hides what is in force for these agents and what is about to be.
   *
   * @throws PrepareException when the values cannot be read: nothing may leave then
   */
  public Redaction redaction(Collection<AgentRecord> agents) throws PrepareException {
    List<AgentFolders> all = new ArrayList<>();
    for (AgentRecord agent : agents) {
      all.add(folders.agent(agent.definition().name()));
    }
    return redactionOf(all);
  }

  /** As {@link #redaction}, for an agent that need not be on record yet. */
  public Redaction redaction(String agent) throws PrepareException {
    return redactionOf(List.of(folders.agent(agent)));
  }

  private static Redaction redactionOf(List<AgentFolders> agents) throws PrepareException {
    List<SecretValue> values = new ArrayList<>();
    for (AgentFolders agent : agents) {
      values.addAll(read(agent.secrets()).values());
      values.addAll(read(agent.nextSecrets()).values());
    }
    return Redaction.of(values);
  }

  private static Map<String, SecretValue> read(Path file) throws PrepareException {
    Map<String, SecretValue> values = new TreeMap<>();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return values;
    }
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3) {
          throw new PrepareException(
              "secrets: "
                  + file
                  + " is damaged (expected: remove it, and configure the agent again)");
        }
        byte[] value = Base64.getDecoder().decode(parts[2]);
        values.put(parts[0], new SecretValue(new String(value, StandardCharsets.UTF_8)));
      }
      return values;
    } catch (IOException unreadable) {
      throw new PrepareException("secrets: " + file + " cannot be read: " + unreadable, unreadable);
    } catch (IllegalArgumentException notBase64) {
      throw new PrepareException(
          "secrets: " + file + " is damaged (expected: remove it, and configure the agent again)");
    }
  }

  private static String format(List<HeldSecret> secrets) {
    StringBuilder text = new StringBuilder();
    for (HeldSecret secret : secrets) {
      text.append(secret.name())
          .append(' ')
          .append(secret.version())
          .append(' ')
          .append(
              Base64.getEncoder()
                  .encodeToString(secret.value().text().getBytes(StandardCharsets.UTF_8)))
          .append('\n');
    }
    return text.toString();
  }
}
