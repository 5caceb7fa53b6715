package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.secret.HeldSecret;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Where the values of secrets come from. */
public interface SecretSource {
  /** Of a host that has no server. */
  SecretSource NONE =
      (_, names) -> {
        throw new PrepareException(
            "secrets: " + String.join(", ", names) + " (expected: none: this host has no server)");
      };

  /**
   * Every secret that is named, with its latest value.
   *
   * @throws PrepareException when the agent may not have one of them
   * @throws IOException when the server cannot be asked now
   */
  List<HeldSecret> read(AgentId agent, Set<String> names) throws PrepareException, IOException;
}
