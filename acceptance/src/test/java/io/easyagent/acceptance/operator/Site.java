package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.acceptance.fleet.RealPrograms;
import io.easyagent.api.Agent;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fleet with its operator, and one agent that nobody touches: whatever is done to the others, it
 * keeps its process.
 */
final class Site implements AutoCloseable {
  private final Path folder;
  private final Fleet fleet;
  private final CommandLine commandLine;
  private final int neighbour;

  /**
   * @param folder what {@code server} and {@code host} below it are mounted on is used as it is
   */
  Site(Path folder) throws Exception {
    this.folder = folder;
    fleet = new Fleet(folder, new RealPrograms());
    commandLine = fleet.commandLine();
    Path program = folder.resolve("neighbour.sh");
    Files.writeString(program, SERVICE);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    run("agent", "install", "--start", "--all", "-f", definition("neighbour", program).toString())
        .expect(0);
    neighbour = pid("neighbour");
  }

  /** Runs until it is told to end, and tells of each HUP; its first parameter is a folder. */
  static final String SERVICE =
      """
      #!/bin/sh
      echo "started with $*"
      trap 'echo hup >> "$1/signals"' HUP
      trap 'exit 0' TERM
      while :; do sleep 1000 & wait $!; done
      """;

  Fleet fleet() {
    return fleet;
  }

  CommandLine.Result run(String... words) {
    return commandLine.run(words);
  }

  /** To all hosts. */
  CommandLine.Result apply(Path... definitions) {
    List<String> words = new ArrayList<>(List.of("apply", "--all"));
    for (Path definition : definitions) {
      words.addAll(List.of("-f", definition.toString()));
    }
    return run(words.toArray(String[]::new));
  }

  /** From all hosts, with all that it kept. */
  void uninstall(String agent) {
    run("agent", "uninstall", agent, "--purge", "--all").expect(0);
  }

  CommandLine.Result runWithInput(String input, String... words) {
    return commandLine.runWithInput(input, words);
  }

  /** A new folder of a test. */
  Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  /** A file with that text. */
  Path file(String name, String text) throws IOException {
    return Files.writeString(newFolder("file-").resolve(name), text);
  }

  /** The definition of a service that is a program of the host. */
  Path definition(String name, Path program) throws IOException {
    return file(
        name + ".yaml",
        """
        name: %s
        user: %s
        command: ["%s", "{{data}}"]
        stop: {grace: 5s}
        """
            .formatted(name, user(), program));
  }

  static String user() {
    return System.getProperty("user.name");
  }

  Agent agent(String name) {
    return findAgent(name).orElseThrow(() -> new AssertionError("no agent " + name));
  }

  Optional<Agent> findAgent(String name) {
    return fleet
        .client()
        .agents(new AgentQuery(Optional.empty(), Optional.empty(), Optional.of(name)))
        .collect(2)
        .items()
        .stream()
        .findFirst();
  }

  /** The process of an agent that runs, or soon will. */
  int pid(String name) {
    return Eventually.awaitValue(
            Fleet.PATIENCE,
            name + " runs",
            () -> findAgent(name).filter(agent -> agent.state() == Agent.State.running))
        .pid()
        .orElseThrow();
  }

  Agent awaitState(String name, Agent.State state) {
    return Eventually.awaitValue(
        Fleet.PATIENCE,
        name + " is " + state,
        () -> findAgent(name).filter(agent -> agent.state() == state));
  }

  /** The folder of an agent on the host. */
  Path agentFolder(String name) {
    return fleet.hostData().resolve("agents").resolve(name);
  }

  /**
   * A zombie has ended; its keeper may hold it for a moment, so that its pid is not given again.
   */
  static boolean alive(int pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** What must hold after anything: the neighbour is untouched, and the host does as it is told. */
  void assertUnharmed() {
    CommandLine.Result normal = run("exec", "--all", "--", "/bin/echo", "as", "ever").expect(0);
    assertEquals("as ever\n", normal.out(), normal::screen);
    assertEquals(neighbour, pid("neighbour"), "pid of the neighbour, as reported");
    assertTrue(
        ProcessHandle.of(neighbour).map(ProcessHandle::isAlive).orElse(false),
        "the neighbour's process " + neighbour + " is gone");
    assertEquals(0, agent("neighbour").restarts(), "restarts of the neighbour");
  }

  @Override
  public void close() throws Exception {
    try {
      run("agent", "uninstall", "neighbour", "--purge", "--all").expect(0);
    } finally {
      fleet.close();
    }
  }
}
