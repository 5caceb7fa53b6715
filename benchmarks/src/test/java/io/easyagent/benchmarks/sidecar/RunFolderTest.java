package io.easyagent.benchmarks.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: nothing of a run is left, and nobody else's is touched. */
class RunFolderTest {
  private static final String SLEEP = "/bin/sleep";
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  @TempDir private Path work;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    return process;
  }

  private RunFolder folder(String name) throws IOException {
    Path path = Files.createDirectory(work.resolve(name));
    Files.copy(Path.of(SLEEP), path.resolve("agent"));
    return new RunFolder(path, work.resolve("no-distribution"));
  }

  @Test
  void agentsAndTheirKeepersEnd() throws Exception {
    RunFolder folder = folder("run");
    String agent = folder.path().resolve("agent").toString();
    // A keeper as the sidecar's: a shell that starts the agent and becomes sleep.
    Process keeper = start("/bin/sh", "-c", agent + " 1000 & exec " + SLEEP + " infinity");
    Eventually.await(
        DEADLINE,
        "an agent under its keeper",
        () ->
            keeper.info().command().filter(command -> command.endsWith("sleep")).isPresent()
                && keeper
                    .children()
                    .anyMatch(child -> child.info().command().filter(agent::equals).isPresent()));
    ProcessHandle child = keeper.children().findFirst().orElseThrow();

    folder.clear();

    // Not isAlive(): it stays true until the JVM has reaped what the kernel has ended.
    assertTrue(keeper.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS));
    Eventually.await(DEADLINE, "the agent's end", () -> !child.isAlive());
  }

  @Test
  void supervisorsEndThatRunOnItsFiles() throws Exception {
    RunFolder folder = folder("run");
    // The name of the shell's first parameter is a word of its command line.
    Process supervisor =
        start(
            "/bin/sh",
            "-c",
            "while :; do " + SLEEP + " 1; done",
            "sh",
            folder.supervisordConfiguration().toString());

    folder.clear();

    assertEquals(128 + 9, supervisor.waitFor());
  }

  @Test
  void whatIsOfAnotherRunIsLeftAlone() throws Exception {
    RunFolder folder = folder("run");
    RunFolder other = folder("other");
    Process agent = start(other.path().resolve("agent").toString(), "1000");
    Process reader = start("/bin/sh", "-c", "read line", "sh", folder.path() + "/server.log");

    folder.clear();

    assertTrue(agent.isAlive());
    assertTrue(reader.isAlive());
  }
}
