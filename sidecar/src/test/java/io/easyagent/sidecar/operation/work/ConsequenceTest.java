package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConsequenceTest {
  private static final AgentDefinition BEFORE =
      SampleDefinitions.of(
          Optional.empty(), List.of("/bin/true"), List.of(), Optional.empty(), Optional.empty());

  private static Consequence of(AgentDefinition after) {
    return Consequence.of(BEFORE, after, List.of());
  }

  @Test
  void whatAProcessIsStartedWithAsksForARestart() {
    assertEquals(
        new Consequence.Restart(), of(BEFORE.with(new ProcessSettings(027, OptionalInt.empty()))));
    assertEquals(
        new Consequence.Restart(), of(BEFORE.with(new ProcessSettings(022, OptionalInt.of(5)))));
  }

  @Test
  void anOrderHoldsFromTheNextBootOn() {
    assertEquals(new Consequence.Nothing(true), of(BEFORE.startedAfter(List.of("database"))));
    assertEquals(new Consequence.Nothing(false), of(BEFORE));
  }
}
