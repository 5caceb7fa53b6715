package io.easyagent.sidecar.prepare;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs as they lie on this host. */
public final class Programs {
  /** What every command finds in its environment unless it is told otherwise. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Programs() {}

  /** The command with its program as an absolute path, looked for in {@code path} if it is none. */
  public static List<String> resolve(List<String> command, String path) throws PrepareException {
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw new PrepareException("command: empty (expected: a program and its arguments)");
    }
    String program = command.getFirst();
    List<String> resolved = new ArrayList<>(command);
    if (!program.contains("/")) {
      resolved.set(0, find(program, path).orElseThrow(() -> notFound(program, path)).toString());
      return resolved;
    }
    requireAbsolute(command);
    requireThere("command", program);
    return resolved;
  }

  static List<String> requireAbsolute(List<String> command) throws PrepareException {
    if (command.isEmpty() || !command.getFirst().startsWith("/")) {
      throw new PrepareException(
          "command: "
              + PathNames.shown(command.isEmpty() ? "empty" : command.getFirst())
              + " (expected: an absolute path, for example {{package}}/bin/program)");
    }
    return command;
  }

  /** The program is a file that may be executed. */
  static void requireThere(String what, String program) throws PrepareException {
    Path path = path(program).orElseThrow(() -> missing(what, program, "there is none"));
    if (!Files.exists(path)) {
      throw missing(what, program, "there is none");
    }
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw missing(what, program, "it is none");
    }
  }

  private static PrepareException missing(String what, String program, String reality) {
    return new PrepareException(
        what
            + ": "
            + PathNames.shown(program)
            + " (expected: an executable file; "
            + reality
            + ")");
  }

  private static Optional<Path> find(String program, String path) {
    for (String folder : path.split(":")) {
      Optional<Path> candidate =
          folder.startsWith("/") ? path(folder + "/" + program) : Optional.empty();
      if (candidate.isPresent()
          && Files.isRegularFile(candidate.get())
          && Files.isExecutable(candidate.get())) {
        return candidate;
      }
    }
    return Optional.empty();
  }

  private static PrepareException notFound(String program, String path) {
    return new PrepareException(
        "command: "
            + PathNames.shown(program)
            + " (expected: a program in "
            + PathNames.shown(path)
            + ", or an absolute path)");
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException invalid) {
      return Optional.empty();
    }
  }
}
