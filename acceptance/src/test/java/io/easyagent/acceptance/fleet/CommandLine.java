package io.easyagent.acceptance.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.Program;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Terminal;
import io.easyagent.cli.session.Session;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code easyagent} as a script calls it: no terminal; each call is a program of its own. */
public final class CommandLine {
  private final Path configuration;

  /**
   * @param configuration the file that {@code easyagent login} writes
   */
  public CommandLine(Path configuration) {
    this.configuration = configuration;
  }

  /** What one call gave. */
  public record Result(String command, int status, String out, String err) {
    /** Fails when the call ended in another way; the message has the whole screen. */
    public Result expect(int expected) {
      assertEquals(expected, status, this::screen);
      return this;
    }

    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (JsonProcessingException broken) {
        throw new AssertionError(screen(), broken);
      }
    }

    /** As a person sees it. */
    public String screen() {
      return "$ easyagent " + command + "\n" + out + err + "[" + status + "]";
    }
  }

  public Result run(String... words) {
    return runWithInput("", words);
  }

  /**
   * @param input what is on standard input
   */
  public Result runWithInput(String input, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Session session =
        new Session(
            new Console(
                stream(out),
                stream(err),
                new BufferedReader(new StringReader(input)),
                Terminal.none()),
            Clock.systemUTC(),
            System::nanoTime,
            Map.of(),
            configuration.resolveSibling("home"),
            action -> () -> {},
            EasyAgentClient::new);
    List<String> arguments = new ArrayList<>(List.of("--config", configuration.toString()));
    arguments.addAll(List.of(words));
    int status = new Program(session).run(arguments.toArray(String[]::new));
    return new Result(String.join(" ", words), status, text(out), text(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, false, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
