package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessIdentity;
import java.util.List;

/**
 * A launch that has a process.
 *
 * @param conditions what the host could not give it
 */
record LaunchedProcess(LaunchRecord launch, ProcessIdentity child, List<String> conditions) {
  LaunchedProcess {
    conditions = List.copyOf(conditions);
  }
}
