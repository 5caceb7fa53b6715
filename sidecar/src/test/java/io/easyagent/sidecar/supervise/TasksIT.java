package io.easyagent.sidecar.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** These wait more than they work: several run at once, each in folders of its own. */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@MethodSource("io.easyagent.sidecar.supervise.Rig#everyContainment")
class TasksIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int LIMIT = 1000;

  @TempDir private Path folder;
  private final CgroupParents cgroups;
  private final UUID id = UUID.randomUUID();
  private final String marker = Rig.marker();
  private Rig rig;

  TasksIT(CgroupParents cgroups) {
    this.cgroups = Rig.apart(cgroups);
  }

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, cgroups);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    rig.tasks
        .find(id)
        .ifPresent(task -> {
          task.cancel();
          Rig.get(task.end());
          task.clear();
        });
    rig.close();
    Rig.removeCgroups(cgroups);
    assertEquals(List.of(), Rig.running(marker));
  }

  private static TaskPlan plan(Duration timeout, String script) {
    return new TaskPlan(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin"),
        Optional.empty(),
        Path.of("/tmp"),
        timeout,
        LIMIT);
  }

  private TaskEnd run(String script) {
    return Rig.get(rig.tasks.run(id, plan(LONG, script)).end());
  }

  @Test
  void tellsTheExactExitAndTheOutput() {
    TaskEnd end = run("echo out; echo err >&2; exit 143");
    assertEquals(new ProcessEnd.Exited(143), end.processEnd());
    assertEquals("out\nerr\n", new String(end.output().head(), UTF_8));
    assertEquals(8, end.output().totalBytes());
    assertFalse(end.timedOut());
    assertFalse(end.cancelled());
  }

  @Test
  void theEndOfWhatEndsAtOnceIsExactEveryTime() {
    TaskPlan plan =
        new TaskPlan(
            List.of("/bin/false"), Map.of(), Optional.empty(), Path.of("/tmp"), LONG, LIMIT);
    for (int run = 0; run < 20; run++) {
      Task task = rig.tasks.run(UUID.randomUUID(), plan);
      assertEquals(new ProcessEnd.Exited(1), Rig.get(task.end()).processEnd());
      task.clear();
    }
  }

  @Test
  void tellsASignalFromAnExit() {
    assertEquals(new ProcessEnd.Signalled(15), run("kill -TERM $$; sleep 9").processEnd());
  }

  @Test
  void aProgramThatDoesNotExistIsNotStarted() {
    TaskPlan plan =
        new TaskPlan(
            List.of("/no/such/program"), Map.of(), Optional.empty(), Path.of("/tmp"), LONG, LIMIT);
    assertInstanceOf(
        ProcessEnd.NotStarted.class, Rig.get(rig.tasks.run(id, plan).end()).processEnd());
  }

  @Test
  void aWorkingFolderThatIsMissingIsNotStarted() {
    TaskPlan plan =
        new TaskPlan(
            List.of("/bin/true"),
            Map.of(),
            Optional.empty(),
            Path.of("/no/such/folder"),
            LONG,
            LIMIT);
    assertEquals(
        new ProcessEnd.NotStarted("working folder: /no/such/folder (expected: a folder)"),
        Rig.get(rig.tasks.run(id, plan).end()).processEnd());
  }

  @Test
  void atItsTimeoutTheWholeTreeIsKilled() {
    TaskEnd end =
        Rig.get(
            rig.tasks
                .run(
                    id,
                    plan(
                        Duration.ofMillis(300),
                        "setsid sh -c 'sleep 1000; : " + marker + "' & sleep 1000"))
                .end());
    assertTrue(end.timedOut());
    assertEquals(new ProcessEnd.Signalled(9), end.processEnd());
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void cancelKillsTheWholeTree() {
    Task task = rig.tasks.run(id, plan(LONG, "sh -c 'sleep 1000; : " + marker + "' & wait"));
    Eventually.await(Rig.PATIENCE, "it runs", () -> !Rig.running(marker).isEmpty());
    task.cancel();
    TaskEnd end = Rig.get(task.end());
    assertTrue(end.cancelled());
    assertFalse(end.timedOut());
  }

  @Test
  void aDiskWithoutRoomForTheReasonKeepsNothingAlive() throws IOException {
    Task task = rig.tasks.run(id, plan(LONG, "sh -c 'sleep 1000; : " + marker + "' & wait"));
    Eventually.await(Rig.PATIENCE, "it runs", () -> !Rig.running(marker).isEmpty());
    // What stands in the way of writing it, whatever it is.
    Files.createDirectory(rig.folder.resolve("run/tasks/" + id + "/killed.new"));
    task.cancel();
    assertTrue(Rig.get(task.end()).cancelled());
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void whatIsLeftInTheBackgroundEndsWithTheTask() {
    assertEquals(
        new ProcessEnd.Exited(0),
        run("sh -c 'sleep 1000; : " + marker + "' & exit 0").processEnd());
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void anIdIsNeverLaunchedTwice() throws IOException {
    Path witness = folder.resolve("witness");
    String script = "echo once >> " + witness;
    Task task = rig.tasks.run(id, plan(LONG, script));
    Rig.get(task.end());
    assertSame(task, rig.tasks.run(id, plan(LONG, script)));
    rig.close();
    rig = new Rig(folder, cgroups);
    TaskEnd again = Rig.get(rig.tasks.run(id, plan(LONG, script)).end());
    assertEquals(new ProcessEnd.Exited(0), again.processEnd());
    assertEquals("once\n", Files.readString(witness));
  }

  @Test
  void aClearedTaskIsNotFound() {
    Task task = rig.tasks.run(id, plan(LONG, "true"));
    Rig.get(task.end());
    assertTrue(rig.tasks.find(id).isPresent());
    task.clear();
    assertTrue(rig.tasks.find(id).isEmpty());
    assertTrue(rig.tasks.find(UUID.randomUUID()).isEmpty());
  }

  @Test
  void aGigabyteOfOutputIsBoundedWhileItIsPrinted() throws IOException {
    Task task =
        rig.tasks.run(id, plan(LONG, "echo first; head -c 1000000000 /dev/zero; echo last"));
    Path output = folder.resolve("run/tasks").resolve(id.toString()).resolve("output");
    long[] most = {0};
    Eventually.await(
        Duration.ofSeconds(60),
        "the end",
        () -> {
          if (Files.exists(output)) {
            most[0] = Math.max(most[0], blocks(output));
          }
          return task.end().toCompletableFuture().isDone();
        });
    TaskEnd end = Rig.get(task.end());
    assertEquals(new ProcessEnd.Exited(0), end.processEnd());
    assertEquals(1_000_000_011L, end.output().totalBytes());
    assertTrue(new String(end.output().head(), UTF_8).startsWith("first\n\0"));
    assertTrue(new String(end.output().tail(), UTF_8).endsWith("\0last\n"));
    assertEquals(LIMIT, end.output().head().length);
    assertEquals(LIMIT, end.output().tail().length);
    assertTrue(most[0] < 900_000_000L, "bytes on disk: " + most[0]);
    assertTrue(blocks(output) < 1_000_000, "bytes on disk at the end: " + blocks(output));
  }

  /** The place that a file takes on the disk. */
  private static long blocks(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip()) * 512;
  }
}
