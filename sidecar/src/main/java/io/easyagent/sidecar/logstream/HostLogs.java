package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.SecretFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The output of this host's agents. Thread-safe. */
public final class HostLogs {
  private final Journal journal;
  private final HostFolders folders;
  private final SecretFiles secrets;
  private final Supplier<Optional<String>> refusal;

  /**
   * @param refusal why nobody may read any of it now, in one line
   */
  public HostLogs(
      Journal journal,
      HostFolders folders,
      SecretFiles secrets,
      Supplier<Optional<String>> refusal) {
    this.journal = journal;
    this.folders = folders;
    this.secrets = secrets;
    this.refusal = refusal;
  }

  /** What may be read of an agent's output now. */
  public sealed interface Found {
    record Log(RedactedLog log) implements Found {}

    /** The agent is not on this host, or not any more. */
    record NoAgent() implements Found {}

    /**
     * The host does not want it read.
     *
     * @param reason in one line
     */
    record Refused(String reason) implements Found {}
  }

  public Found find(AgentId agent) {
    AgentRecord record = journal.state().agents().get(agent);
    if (record == null) {
      return new Found.NoAgent();
    }
    return refusal.get().<Found>map(Found.Refused::new).orElseGet(() -> new Found.Log(log(record)));
  }

  private RedactedLog log(AgentRecord agent) {
    String name = agent.definition().name();
    try {
      return new RedactedLog(
          name,
          KeptLog.of(folders.agent(name).logs(), name),
          () -> {
            try {
              return secrets.redaction(name);
            } catch (PrepareException unreadable) {
              throw new IOException(unreadable.getMessage(), unreadable);
            }
          });
    } catch (PrepareException impossible) {
      throw new IllegalStateException("an agent on record has a checked name", impossible);
    }
  }
}
