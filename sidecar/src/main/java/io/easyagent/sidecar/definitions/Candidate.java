package io.easyagent.sidecar.definitions;

import io.easyagent.sidecar.agent.AgentDefinition;
import java.util.List;

/** What one file of the folder says. */
public sealed interface Candidate {
  record Defined(AgentDefinition definition) implements Candidate {}

  /**
   * It cannot be used; what it would say is not known.
   *
   * @param faults each in one line; never empty
   */
  record Faulty(List<String> faults) implements Candidate {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}
