package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.secret.Redaction;
import java.io.IOException;

/** What is to be taken out of an agent's output. */
@FunctionalInterface
public interface RedactionSource {
  /**
   * As it is now: it hides what the agent could have printed until now.
   *
   * @throws IOException when that cannot be told: nothing may leave then
   */
  Redaction current() throws IOException;
}
