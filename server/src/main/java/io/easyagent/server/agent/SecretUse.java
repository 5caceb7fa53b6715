package io.easyagent.server.agent;

import java.util.Map;
import java.util.Set;

/** Says which secrets an agent may not use. */
public interface SecretUse {
  /**
   * Why, for each secret that is not there or that agents of this name may not use; the others are
   * absent.
   */
  Map<String, String> refusals(String agent, Set<String> secrets);
}
