package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;

/**
 * What a launch is for; with all that is needed to go on from it in a later life of the sidecar.
 */
sealed interface LaunchPurpose {
  /** An agent's own process, or a task's. */
  record Main() implements LaunchPurpose {}

  record PreStart() implements LaunchPurpose {}

  /**
   * @param after how the start ended that it follows
   * @param failed whether that counts as a failure
   * @param cause of that end, in one line
   */
  record PostStop(ProcessEnd after, boolean failed, String cause) implements LaunchPurpose {
    public PostStop {
      // As they are read back.
      after = EndCodec.decode(EndCodec.encode(after)).orElse(after);
      cause = cause.replaceAll("\\p{Cntrl}", " ");
    }
  }

  default Phase phase() {
    return switch (this) {
      case Main() -> Phase.MAIN;
      case PreStart() -> Phase.PRE_START;
      case PostStop(var _, boolean _, String _) -> Phase.POST_STOP;
    };
  }
}
