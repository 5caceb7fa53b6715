package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The program that both supervisors run, in a folder that its user may read. */
final class AgentProgram {
  private static final String SOURCE = "agent.c";

  private final Path program;
  private final Settings settings;

  private AgentProgram(Path program, Settings settings) {
    this.program = program;
    this.settings = settings;
  }

  /** Compiles it. */
  static AgentProgram in(Path folder, Settings settings)
      throws IOException, InterruptedException, BenchException {
    Path source = folder.resolve(SOURCE);
    Path program = folder.resolve("agent");
    try (InputStream text = AgentProgram.class.getResourceAsStream(SOURCE)) {
      Files.copy(Objects.requireNonNull(text, SOURCE), source);
    }
    // Linked statically: its start is its own, not the dynamic linker's.
    Programs.output(
        List.of(Parts.COMPILER, "-static", "-O2", "-o", program.toString(), source.toString()));
    return new AgentProgram(program, settings);
  }

  Path path() {
    return program;
  }

  String user() {
    return settings.user();
  }

  /** An empty file that the agent's user may append to. */
  Path witness(String name) throws IOException {
    Path file = Files.createFile(program.resolveSibling(name + ".witness"));
    if (settings.otherUser()) {
      Files.setOwner(
          file,
          file.getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(settings.user()));
    }
    return file;
  }

  List<String> idling(Path witness) {
    return List.of(program.toString(), witness.toString());
  }

  List<String> writing(Path witness, Duration duration) {
    return List.of(program.toString(), witness.toString(), Long.toString(duration.toSeconds()));
  }

  /** Of the n-th agent; names sort as their numbers do. */
  static String name(int number) {
    return String.format(Locale.ROOT, "agent-%03d", number);
  }
}
