package io.easyagent.server.session;

import io.easyagent.server.problem.Refusal;
import java.util.Map;

/** What became of a registration. */
public sealed interface Opening {
  /**
   * @param nonce for the next session, hexadecimal
   */
  record Opened(long epoch, String nonce, String hostName, Map<String, String> labels)
      implements Opening {}

  /** The condition is stored. There is no session: what the host had before is as it was. */
  record Reported(String hostName, Map<String, String> labels) implements Opening {}

  record Refused(Refusal refusal) implements Opening {}
}
