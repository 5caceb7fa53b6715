package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.secret.HeldSecret;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Where the values of secrets come from. */
public interface SecretSource {
  /**
   * Every secret that is named, with its latest value.
   *
   * @throws PrepareException when the agent may not have one of them
   * @throws IOException when the server cannot be asked now
   */
  List<HeldSecret> read(AgentId agent, Set<String> names) throws PrepareException, IOException;
}
