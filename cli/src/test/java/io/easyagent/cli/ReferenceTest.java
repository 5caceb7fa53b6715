package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Terminal;
import io.easyagent.cli.session.Session;
import io.easyagent.testkit.FakeClock;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference names every command, and no other. */
final class ReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "cli.md");

  @Test
  void everyCommandIsInTheReference() throws IOException {
    String reference = Files.readString(REFERENCE);
    List<String> commands = program().commandNames();
    assertTrue(commands.size() >= 40, "commands: " + commands);
    TreeSet<String> described = new TreeSet<>();
    var typed = Pattern.compile("`(easyagent(?: [a-z][a-z-]*)+)").matcher(reference);
    while (typed.find()) {
      described.add(typed.group(1));
    }
    assertEquals(new TreeSet<>(commands), described);
  }

  private static Program program() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    FakeClock clock = new FakeClock();
    return new Program(
        new Session(
            new Console(
                nowhere, nowhere, new BufferedReader(new StringReader("")), Terminal.none()),
            clock,
            clock::nanoTime,
            Map.of(),
            Path.of("/nowhere"),
            action -> () -> {},
            EasyAgentClient::new));
  }
}
