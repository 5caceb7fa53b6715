package io.easyagent.sidecar.process;

import java.util.List;
import java.util.stream.Stream;

/** What one event led to. */
public record Step(ProcessLife life, List<ProcessAction> actions) {
  public Step {
    actions = List.copyOf(actions);
  }

  static Step of(ProcessLife life, ProcessAction... actions) {
    return new Step(life, List.of(actions));
  }

  Step before(ProcessAction first) {
    return new Step(life, Stream.concat(Stream.of(first), actions.stream()).toList());
  }
}
