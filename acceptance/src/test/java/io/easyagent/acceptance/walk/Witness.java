package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What commands and agents did, by their own account: each appends a line to a file and syncs it,
 * whatever the system under test believes. Lines are {@code WORD NAME PID}.
 */
final class Witness {
  /** What it takes to append a line from a shell: the file is {@code $1}. */
  private static final String RECORD =
      """
      record() { printf '%s %s %s\\n' "$1" "$2" "$$" >> "$file" && sync "$file"; }
      """;

  /**
   * The agent of the walk. It says when it starts and when it is told to stop, and it says "double"
   * when another of its name is still alive at its start.
   */
  static final String AGENT_SCRIPT =
      """
      #!/bin/sh
      file=$1 name=$2
      """
          + RECORD
          + """
          exec 9> "$file.$name.lock"
          flock -n 9 || record double "$name"
          trap 'record stopped "$name"; exit 0' TERM
          record started "$name"
          echo $$ > "$file.$name.pid"
          while :; do sleep 1000 9>&- & wait $!; done
          """;

  /** A command's script; its parameters are the file and a name for this one execution. */
  static final String COMMAND_SCRIPT =
      """
      file=$1
      """
          + RECORD
          + """
          record executed "$2"
          echo "executed $2"
          """;

  private final Path file;
  private final Path seenAt;

  Witness(Path file) {
    this(file, file);
  }

  /**
   * @param file where those who testify write
   * @param seenAt the same file, as this machine sees it
   */
  Witness(Path file, Path seenAt) {
    this.file = file;
    this.seenAt = seenAt;
  }

  Path seenAt() {
    return seenAt;
  }

  Path file() {
    return file;
  }

  List<Testimony> all() {
    try {
      return Files.exists(seenAt)
          ? Files.readAllLines(seenAt).stream().map(Testimony::parse).toList()
          : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  long count(String word, String name) {
    return all().stream().filter(t -> t.word().equals(word) && t.name().equals(name)).count();
  }

  /** The pid of the last start of that agent. */
  long lastStarted(String name) {
    return all().reversed().stream()
        .filter(t -> t.word().equals("started") && t.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " never started: " + all()))
        .pid();
  }

  /** The pids of all starts. */
  List<Long> started() {
    return all().stream().filter(t -> t.word().equals("started")).map(Testimony::pid).toList();
  }

  /** One line. */
  record Testimony(String word, String name, long pid) {
    static Testimony parse(String line) {
      String[] parts = line.split(" ");
      return new Testimony(parts[0], parts[1], Long.parseLong(parts[2]));
    }
  }

  /**
   * The operation has ended as it should. Only an exec may end INTERRUPTED, and then it ran at most
   * once; else it ran exactly once, and what is none ran none.
   *
   * @param execution the exec's name, or one that nothing has
   */
  void requireEnd(Step step, Operation operation, String execution, String what) {
    long executions = count("executed", execution);
    if (step == Step.EXEC && operation.state() == Operation.State.interrupted) {
      assertTrue(executions <= 1, () -> "executed more than once: " + what);
      return;
    }
    assertEquals(Operation.State.succeeded, operation.state(), what);
    assertEquals(step == Step.EXEC ? 1 : 0, executions, () -> "executions: " + what);
  }
}
