package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.acceptance.fleet.Programs;
import io.easyagent.acceptance.fleet.RealPrograms;
import io.easyagent.acceptance.realhost.Distribution;
import io.easyagent.api.Agent;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty agents, and a sidecar that is killed with -9 again and again, every other time before it
 * is ready: while it starts, adopts, or opens its session. Each agent writes a line whenever it is
 * started, so that nobody's word is needed for it that none was.
 *
 * <p>Here a few dozen times; {@code -Deasyagent.restarts=1000} is for a long evening.
 */
final class ManyRestartsIT {
  private static final int AGENTS = 20;
  private static final int RESTARTS = Integer.getInteger("easyagent.restarts", 24);

  /** As long as a start takes here, and some. */
  private static final long LONGEST_START_MILLIS = 1_200;

  private static final String PROGRAM =
      """
      #!/bin/sh
      echo $$ >>"$1/started"
      exec sleep 1000000
      """;

  @TempDir private Path folder;

  /** The server as in other tests, the sidecar from its distribution: with its own Java. */
  private static final class DistributedSidecar implements Programs {
    private final Programs others = new RealPrograms();

    @Override
    public Jvm startServer(Path log, Path data, int hostPort, int operatorPort) throws IOException {
      return others.startServer(log, data, hostPort, operatorPort);
    }

    @Override
    public Jvm startSidecar(Path log, Path data) throws IOException {
      Path script = Distribution.sidecar().resolve("bin/easyagent-sidecar");
      return Jvm.startScript(script, log, "run", "--data", data.toString());
    }
  }

  @Test
  void noAgentIsStartedAgain() throws Exception {
    try (Fleet fleet = new Fleet(folder, new DistributedSidecar())) {
      CommandLine operator = fleet.commandLine();
      install(operator);
      List<String> processes = awaitStarted();
      Random random = new Random(7);
      for (int restart = 1; restart <= RESTARTS; restart++) {
        fleet.killSidecar();
        if (restart % 2 == 0) {
          awaitReady(fleet.hostData());
        } else {
          LockSupport.parkNanos(Duration.ofMillis(random.nextLong(LONGEST_START_MILLIS)).toNanos());
        }
        assertEquals(processes, started(), "after " + restart + " kills of the sidecar");
      }
      awaitReady(fleet.hostData());
      awaitAllRunning(fleet);
      assertEquals(processes, started());
      for (int number = 1; number <= AGENTS; number++) {
        operator.run("agent", "stop", "agent-" + number, "--all").expect(0);
      }
    }
  }

  private void install(CommandLine operator) throws IOException {
    Path program = folder.resolve("agent.sh");
    Files.writeString(program, PROGRAM);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path definitions = Files.createDirectory(folder.resolve("definitions"));
    for (int number = 1; number <= AGENTS; number++) {
      Files.writeString(
          definitions.resolve(number + ".yaml"),
          """
          name: agent-%d
          user: %s
          command: ["%s", "{{data}}"]
          stop: {grace: 5s}
          """
              .formatted(number, System.getProperty("user.name"), program));
    }
    operator.run("apply", "--all", "-f", definitions.toString()).expect(0);
  }

  private List<String> awaitStarted() {
    Eventually.await(
        Fleet.PATIENCE,
        "every agent has written its line",
        () -> started().stream().noneMatch(String::isEmpty));
    return started();
  }

  /** What each agent has written: a process number for each of its starts. */
  private List<String> started() {
    return IntStream.rangeClosed(1, AGENTS)
        .mapToObj(number -> folder.resolve("host/agents/agent-" + number + "/data/started"))
        .map(ManyRestartsIT::read)
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void awaitReady(Path data) {
    Eventually.await(
        Fleet.PATIENCE,
        "the sidecar answers",
        () -> {
          try {
            return StatusSocket.ask(data).contains("agent-" + AGENTS);
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  /** On the server's word, with no restart counted. */
  private static void awaitAllRunning(Fleet fleet) {
    Eventually.await(
        Fleet.PATIENCE,
        "all are running, none was restarted",
        () ->
            fleet.client().agents(AgentQuery.all()).collect(AGENTS + 1).items().stream()
                    .filter(agent -> agent.state() == Agent.State.running && agent.restarts() == 0)
                    .count()
                == AGENTS);
  }
}
