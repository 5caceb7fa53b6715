package io.easyagent.cli.agent;

import io.easyagent.api.ApplyRequest;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads agent definitions from files and folders; what is in them, the server judges. */
final class DefinitionFiles {
  private static final int MOST = 1000;

  private DefinitionFiles() {}

  static List<ApplyRequest.Source> read(Session session, List<String> files) {
    List<ApplyRequest.Source> sources = new ArrayList<>();
    for (String file : files) {
      if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
        for (Path definition : definitionsIn(Path.of(file))) {
          sources.add(source(session, definition.toString()));
        }
      } else {
        sources.add(source(session, file));
      }
    }
    return sources;
  }

  private static ApplyRequest.Source source(Session session, String file) {
    return new ApplyRequest.Source(
        file.equals("-") ? "standard input" : file,
        Inputs.text(session, "--file", file, AgentCommands.LARGEST_DEFINITION));
  }

  private static List<Path> definitionsIn(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> definitions =
          entries
              .filter(entry -> entry.getFileName().toString().matches("[^.].*\\.(yaml|yml|json)"))
              .filter(Files::isRegularFile)
              .sorted()
              .limit(MOST + 1L)
              .toList();
      if (definitions.isEmpty() || definitions.size() > MOST) {
        throw CommandException.usage(
            "--file: "
                + folder
                + (definitions.isEmpty() ? " has no" : " has more than " + MOST)
                + " *.yaml, *.yml or *.json");
      }
      return definitions;
    } catch (IOException failure) {
      throw CommandException.usage(
          "--file: " + folder + " cannot be read: " + failure.getMessage());
    }
  }
}
