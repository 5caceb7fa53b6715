package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.secret.Redaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LaunchTargetTest {
  private static final LaunchPlan PLAN =
      new LaunchPlan(
          Rig.definition(AgentType.SERVICE, Rig.ALWAYS)
              .with(
                  new Hooks(
                      Optional.of(new Hook(List.of("/bin/before"), Duration.ofSeconds(1))),
                      Optional.of(new Hook(List.of("/bin/after"), Duration.ofSeconds(1))))),
          List.of("/bin/main"),
          Map.of("A", "b", "EASYAGENT_END", "a lie"),
          Path.of("/tmp"),
          Path.of("/tmp"),
          Redaction.NONE);

  private static LaunchTarget postStop(ProcessEnd end) {
    return LaunchTarget.hook(
        PLAN,
        new Due.PostStop(
            new Ending(end, "why", Duration.ZERO, 0, Optional.empty(), false, true, true, true)));
  }

  private static Map<String, String> told(ProcessEnd end) {
    Map<String, String> told = new TreeMap<>(postStop(end).environment());
    assertEquals("b", told.remove("A"));
    return told;
  }

  @Test
  void eachPartHasItsCommand() {
    assertEquals(List.of("/bin/main"), LaunchTarget.main(PLAN).command());
    assertEquals(List.of("/bin/before"), LaunchTarget.hook(PLAN, new Due.PreStart(0)).command());
    assertEquals(PLAN.environment(), LaunchTarget.hook(PLAN, new Due.PreStart(0)).environment());
    ProcessEnd end = new ProcessEnd.Exited(3);
    assertEquals(List.of("/bin/after"), postStop(end).command());
    assertEquals(new LaunchPurpose.PostStop(end, true, "why"), postStop(end).purpose());
  }

  @Test
  void aPostStopIsToldEveryEnd() {
    assertEquals(
        Map.of("EASYAGENT_END", "exited", "EASYAGENT_EXIT_STATUS", "143"),
        told(new ProcessEnd.Exited(143)));
    assertEquals(
        Map.of("EASYAGENT_END", "signalled", "EASYAGENT_SIGNAL", "SEGV"),
        told(new ProcessEnd.Signalled(11)));
    assertEquals(
        Map.of("EASYAGENT_END", "signalled", "EASYAGENT_SIGNAL", "99"),
        told(new ProcessEnd.Signalled(99)));
    assertEquals(
        Map.of("EASYAGENT_END", "out-of-memory", "EASYAGENT_SIGNAL", "KILL"),
        told(new ProcessEnd.OutOfMemory(OptionalLong.of(1))));
    assertEquals(
        Map.of("EASYAGENT_END", "not-started"), told(new ProcessEnd.NotStarted("no such file")));
    assertEquals(Map.of("EASYAGENT_END", "unknown"), told(new ProcessEnd.Unknown("gone")));
  }
}
