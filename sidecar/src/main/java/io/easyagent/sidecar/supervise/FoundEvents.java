package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.ProcessEvent;
import io.easyagent.sidecar.process.ProcessEvent.FoundDue;
import java.time.Duration;
import java.util.Optional;

/**
 * What was found of an earlier launch, as the machine's events. Everywhere {@code held} is why the
 * agent is to stay stopped, if it is.
 */
final class FoundEvents {
  private FoundEvents() {}

  static ProcessEvent nothing(Optional<String> held) {
    return held.<ProcessEvent>map(cause ->
            new ProcessEvent.FoundHeld(
                new ProcessEnd.Unknown("nothing of it is left"), cause, false))
        .orElseGet(ProcessEvent.FoundNothing::new);
  }

  static ProcessEvent running(
      LaunchPurpose purpose, int pid, Duration upFor, Optional<String> held) {
    return hook(purpose, held)
        .<ProcessEvent>map(due -> new ProcessEvent.FoundHook(due, pid, upFor))
        .orElseGet(() -> new ProcessEvent.FoundRunning(pid, upFor, held));
  }

  static ProcessEvent ended(LaunchPurpose purpose, ProcessEnd end, Optional<String> held) {
    return hook(purpose, held)
        .<ProcessEvent>map(due -> new ProcessEvent.FoundHookEnded(due, end))
        .orElseGet(() ->
            held.<ProcessEvent>map(cause -> new ProcessEvent.FoundHeld(end, cause, true))
                .orElseGet(() -> new ProcessEvent.FoundEnded(end)));
  }

  private static Optional<FoundDue> hook(LaunchPurpose purpose, Optional<String> held) {
    return switch (purpose) {
      case LaunchPurpose.Main() -> Optional.empty();
      case LaunchPurpose.PreStart() -> Optional.of(new FoundDue.PreStart());
      case LaunchPurpose.PostStop(var after, boolean failed, String cause) ->
          Optional.of(new FoundDue.PostStop(after, failed, cause, held));
    };
  }
}
