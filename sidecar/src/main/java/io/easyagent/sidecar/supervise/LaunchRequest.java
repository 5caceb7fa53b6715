package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.ProcessSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process to be launched under a keeper.
 *
 * @param name of its cgroup
 * @param user empty: the sidecar's own
 * @param process what it is started with
 * @param output appended to; made with 0640 when missing
 * @param outputStart logical offset of what the process will write; empty: the size of the file
 * @param survivesPowerCut whether the launch must be on record even after the machine went down: so
 *     for what runs at most once; an agent's processes are gone then, and so may their record be
 * @param purpose what is written of it, for a later life of the sidecar
 */
record LaunchRequest(
    String name,
    RecordFolder folder,
    List<String> command,
    Map<String, String> environment,
    Optional<String> user,
    Path workingFolder,
    Limits limits,
    ProcessSettings process,
    Path output,
    OptionalLong outputStart,
    boolean survivesPowerCut,
    LaunchPurpose purpose) {

  /** Without the environment: it may hold secrets. */
  @Override
  public String toString() {
    return "launch of " + name + ": " + command;
  }
}
