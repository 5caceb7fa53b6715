package io.easyagent.cli.exec;

import io.easyagent.api.Operation;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.progress.OperationText;
import java.nio.charset.StandardCharsets;

/** What a command printed on a host, and how it ended. */
public final class OutputText {
  private OutputText() {}

  /**
   * Writes the output to standard output and how it ended to standard error.
   *
   * @param severalHosts every line begins with the host's name
   */
  public static void print(Console console, Operation operation, boolean severalHosts) {
    operation
        .output()
        .ifPresent(output -> print(console, output, severalHosts ? operation.hostName() : ""));
    console.note(end(operation));
  }

  /** Writes the output alone. */
  public static void printOutput(Console console, Operation.Output output) {
    print(console, output, "");
  }

  private static void print(Console console, Operation.Output output, String host) {
    print(console, output.head(), host);
    if (output.truncated()) {
      long missing = Math.max(0, output.totalBytes() - bytes(output.head()) - bytes(output.tail()));
      console.print(
          prefix(host).add(Tint.warning, "[… " + Figures.count(missing, "byte") + " left out …]"));
    }
    print(console, output.tail(), host);
    output
        .note()
        .ifPresent(note -> console.print(prefix(host).add(Tint.warning, "[output: " + note + "]")));
  }

  private static void print(Console console, String text, String host) {
    if (host.isEmpty()) {
      console.printText(text);
    } else {
      text.lines().forEach(line -> console.print(prefix(host).add(line.replace("\t", "    "))));
    }
  }

  private static Line prefix(String host) {
    return host.isEmpty() ? Line.of("") : Line.of(Tint.faint, host + " | ");
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Line end(Operation operation) {
    String cause = OperationText.cause(operation);
    return switch (operation.state()) {
      case succeeded -> Line.of(operation.hostName() + ": " + (cause.isEmpty() ? "exit 0" : cause));
      case queued, sent, running, failed, cancelled, expired, interrupted ->
          Line.of(OperationText.tint(operation.state()), OperationText.word(operation.state()))
              .add(" " + operation.hostName() + ": " + cause);
    };
  }
}
