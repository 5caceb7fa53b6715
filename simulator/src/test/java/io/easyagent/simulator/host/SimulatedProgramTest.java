package io.easyagent.simulator.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulatedProgramTest {
  private static final SimulatedProgram PROGRAM =
      new SimulatedProgram(Duration.ofMillis(5), 1_000, true);

  private static TaskPlan plan(int limit, String... command) {
    return new TaskPlan(
        List.of(command), Map.of(), Optional.empty(), Path.of("/"), Duration.ofSeconds(10), limit);
  }

  @Test
  void aCommandSucceedsAndPrintsAsMuchAsAsked() {
    SimulatedProgram.Run run = PROGRAM.run("sim-00001", plan(65_536, "/usr/bin/uptime"));
    assertEquals(Duration.ofMillis(5), run.takes());
    assertTrue(run.end().processEnd().succeeded());
    assertEquals(1_000, run.end().output().head().length);
    assertEquals(0, run.end().output().tail().length);
    assertEquals(1_000, run.end().output().totalBytes());
  }

  @Test
  void moreThanIsKeptLosesItsMiddle() {
    Output output = PROGRAM.run("sim-00001", plan(300, "/usr/bin/uptime")).end().output();
    Output whole = PROGRAM.run("sim-00001", plan(65_536, "/usr/bin/uptime")).end().output();
    assertArrayEquals(Arrays.copyOf(whole.head(), 300), output.head());
    assertArrayEquals(Arrays.copyOfRange(whole.head(), 700, 1_000), output.tail());
    assertEquals(1_000, output.totalBytes());
  }

  @Test
  void outputsDifferByHostUnlessTheyAreToBeTheSame() {
    SimulatedProgram same = new SimulatedProgram(Duration.ZERO, 1_000, false);
    assertFalse(
        Arrays.equals(
            PROGRAM.run("sim-00001", plan(65_536, "id")).end().output().head(),
            PROGRAM.run("sim-00002", plan(65_536, "id")).end().output().head()));
    assertArrayEquals(
        same.run("sim-00001", plan(65_536, "id")).end().output().head(),
        same.run("sim-00002", plan(65_536, "id")).end().output().head());
  }

  @Test
  void sleepSleepsAndFalseFails() {
    assertEquals(
        Duration.ofMillis(2_500), PROGRAM.run("h", plan(100, "/bin/sleep", "2.5")).takes());
    assertEquals(
        new ProcessEnd.Exited(1), PROGRAM.run("h", plan(100, "/bin/false")).end().processEnd());
  }

  @Test
  void whatTakesTooLongIsKilledInTime() {
    SimulatedProgram.Run run = PROGRAM.run("h", plan(100, "/bin/sleep", "11"));
    assertEquals(Duration.ofSeconds(10), run.takes());
    assertTrue(run.end().timedOut());
  }
}
