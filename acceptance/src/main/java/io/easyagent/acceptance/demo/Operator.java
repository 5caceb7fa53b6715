package io.easyagent.acceptance.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import io.easyagent.api.Agent;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.Host;
import io.easyagent.api.Json;
import io.easyagent.api.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A person at the command line: types {@code easyagent …} and reads what it prints. */
final class Operator {
  private final Path command;
  private final Path configuration;
  private final Program program;

  /**
   * @param command the distribution's start script
   * @param configuration the file that a login writes
   * @param program in whose environment the configuration is named
   */
  Operator(Path command, Path configuration, Program program) {
    this.command = command;
    this.configuration = configuration;
    this.program = program;
  }

  Path configuration() {
    return configuration;
  }

  /**
   * What the command printed.
   *
   * @throws IOException with what it printed, when it did not end with 0
   */
  String type(String... arguments) throws IOException, InterruptedException {
    return program.output(line(arguments)).strip();
  }

  /** Whether the command ends with 0. */
  boolean succeeds(String... arguments) throws IOException, InterruptedException {
    return program.run(line(arguments)).exitStatus() == 0;
  }

  List<Host> hosts(String selector) throws IOException, InterruptedException {
    return Json.LENIENT
        .readValue(
            type("host", "list", "--hosts", selector, "-o", "json"),
            new TypeReference<Page<Host>>() {})
        .items();
  }

  /** A token for one host, which gets the labels. */
  EnrollToken createEnrollToken(List<String> labels) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("enroll-token", "create", "-o", "json"));
    labels.forEach(label -> arguments.addAll(List.of("--label", label)));
    return Json.LENIENT.readValue(type(arguments.toArray(String[]::new)), EnrollToken.class);
  }

  Agent agent(String name, String host) throws IOException, InterruptedException {
    return Json.LENIENT.readValue(
        type("agent", "show", name, "--host", host, "-o", "json"), Agent.class);
  }

  private List<String> line(String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(command.toString());
    line.addAll(List.of(arguments));
    return line;
  }
}
