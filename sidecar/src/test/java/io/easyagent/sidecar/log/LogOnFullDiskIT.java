package io.easyagent.sidecar.log;

import static io.easyagent.sidecar.log.LoggingAgent.assertSame;
import static io.easyagent.sidecar.log.LoggingAgent.assertTail;
import static io.easyagent.sidecar.log.LoggingAgent.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.LogRule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log on a disk that is full: a small tmpfs, and so root is needed. */
class LogOnFullDiskIT {
  private static final int SIZE = 64 << 10;
  private static final LogRule RULE = new LogRule(SIZE, 3);

  @TempDir private Path folder;
  private LoggingAgent agent;

  @BeforeEach
  void mount() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString());
    agent = new LoggingAgent(folder);
  }

  /** Lazily: a process that another test is just starting has our files open for a moment. */
  @AfterEach
  void unmount() throws Exception {
    run("umount", "--lazy", folder.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), String.join(" ", command) + " (expected: run as root)");
  }

  /** Gives room back also where the file is held open, as above. */
  private static void empty(Path filler) throws IOException {
    Files.write(filler, new byte[0]);
    Files.delete(filler);
  }

  /** Takes all the room that is left. */
  private Path fill() throws IOException {
    Path filler = folder.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      return filler;
    }
  }

  @Test
  void whatCannotBeCopiedStaysWhereItIs() throws Exception {
    agent.append("");
    agent.tend(RULE);
    agent.appendNumbers(1, 30_000);
    Path filler = fill();
    IOException failure = assertThrows(IOException.class, () -> agent.tend(RULE));
    assertTrue(failure.getMessage().contains("No space left"), failure.getMessage());
    assertSame(numbers(1, 30_000), agent.read());
    assertTrue(Files.notExists(agent.files.unfinished()), "half a copy takes no room");

    empty(filler);
    assertEquals(2, agent.tend(RULE).files().size());
    assertSame(numbers(1, 30_000), agent.read());
    assertSame(numbers(1, 30_000), agent.readFiles());
  }

  @Test
  void theOldestFileMakesRoomForTheNewest() throws Exception {
    agent.appendNumbers(1, 30_000);
    assertEquals(2, agent.tend(RULE).files().size());
    agent.appendNumbers(30_001, 45_000);
    fill();
    Layout layout = agent.tend(RULE);
    assertTail(agent.read(), 45_000);
    assertSame(agent.readFiles(), agent.read());
    assertTrue(layout.begin() > 0, "the oldest has gone");
    assertTrue(layout.unrotated() < SIZE, "the rest is rotated");
    assertEquals(0, layout.state().dropped());
  }

  @Test
  void whereTheBoundIsPassedTheOldestLinesMakeRoom() throws Exception {
    agent.append("");
    agent.tend(RULE);
    agent.appendNumbers(1, 90_000);
    Path filler = fill();
    Layout layout = agent.tend(RULE);
    assertTrue(layout.state().dropped() > 0, "counted");
    assertTail(agent.read(), 90_000);
    assertSame(agent.readFiles(), agent.read());
    assertEquals(3, layout.files().size(), "no more went than had to");
    assertTrue(
        agent.used() - Files.size(filler) <= RotationDecision.bound(RULE),
        "the room is given back");
    assertTrue(Files.notExists(agent.files.unfinished()), "half a copy takes no room");
  }
}
