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

/** The output of this host's agents. Thread-safe. */
public final class HostLogs {
  private final Journal journal;
  private final HostFolders folders;
  private final SecretFiles secrets;

  public HostLogs(Journal journal, HostFolders folders, SecretFiles secrets) {
    this.journal = journal;
    this.folders = folders;
    this.secrets = secrets;
  }

  /** Empty when the agent is not on this host, or not any more. */
  public Optional<AgentLog> find(AgentId agent) {
    return Optional.ofNullable(journal.state().agents().get(agent)).map(this::log);
  }

  private AgentLog log(AgentRecord agent) {
    String name = agent.definition().name();
    try {
      return new AgentLog(
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
