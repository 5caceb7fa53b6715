package io.easyagent.cli;

import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.session.Interrupts;
import io.easyagent.cli.session.Session;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Starts {@code easyagent}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(program().run(arguments));
  }

  private static Program program() {
    Map<String, String> environment = System.getenv();
    Console console =
        new Console(
            stream(FileDescriptor.out, System.out.charset()),
            stream(FileDescriptor.err, System.err.charset()),
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            TerminalProbe.probe(environment));
    return new Program(
        new Session(
            console,
            SystemTime.clock(),
            SystemTime.nanoTime(),
            environment,
            Path.of(System.getProperty("user.home", ".")),
            Interrupts.ofTheProcess(),
            EasyAgentClient::new));
  }

  /** Written in large pieces; the console flushes. */
  private static PrintStream stream(FileDescriptor descriptor, Charset charset) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 32 * 1024), false, charset);
  }
}
