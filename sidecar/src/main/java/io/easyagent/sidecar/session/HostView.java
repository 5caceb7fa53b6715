package io.easyagent.sidecar.session;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.metrics.Usage;
import java.util.List;

/** What a session asks the rest of the sidecar. Thread-safe. */
public interface HostView {
  ObservedAgent observe(AgentRecord agent);

  /** What an operator should know about the host, one line each. */
  List<String> conditions();

  /** The figures of this moment. */
  Usage usage();
}
