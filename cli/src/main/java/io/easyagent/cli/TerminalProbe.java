package io.easyagent.cli;

import io.easyagent.cli.console.Terminal;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out what the program's standard streams are connected to. */
final class TerminalProbe {
  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 40;

  private TerminalProbe() {}

  static Terminal probe(Map<String, String> environment) {
    boolean input = isTerminal(0);
    boolean output = isTerminal(1);
    boolean error = isTerminal(2);
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(
        output, error, input, output || error ? width(environment) : USUAL_WIDTH, colours);
  }

  /** Asks for a secret without showing what is typed; empty where there is no terminal. */
  static Optional<String> askSecret(String what) {
    java.io.Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    return Optional.ofNullable(console.readPassword("%s: ", what)).map(String::new);
  }

  /** The JDK tells only whether all streams are terminals; Linux tells of each. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  private static int width(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    if (columns.matches("[1-9][0-9]{0,4}")) {
      return Math.max(NARROWEST, Integer.parseInt(columns));
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.from(Path.of("/dev/tty").toFile()))
              .redirectError(Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (stty.waitFor(1, TimeUnit.SECONDS) && size.strip().matches("[0-9]+ [1-9][0-9]{0,4}")) {
        return Math.max(NARROWEST, Integer.parseInt(size.strip().split(" ", 2)[1]));
      }
      return USUAL_WIDTH;
    } catch (IOException unknown) {
      return USUAL_WIDTH;
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }
}
