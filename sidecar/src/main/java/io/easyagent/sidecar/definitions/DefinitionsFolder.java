package io.easyagent.sidecar.definitions;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.wire.WrittenDefinition;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder of the agents that are defined on the host: {@code NAME.yaml} defines the agent NAME.
 * What is in it is relied on only when nobody but its owner can have written it.
 */
public final class DefinitionsFolder {
  /** Agents that a host may define. */
  public static final int MOST = 256;

  private static final String SUFFIX = ".yaml";
  private static final String OTHER_SUFFIX = ".yml";

  private final Path folder;
  private final TrustedFiles files;

  public DefinitionsFolder(Path folder, TrustedFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** The file that defines an agent of this name. */
  Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  /**
   * What is defined now, by the agents' names. A file that cannot be used is faulty, and hides
   * nothing of the others. Names that begin with a dot, and that have another ending, are nobody's;
   * but for {@code .yml}, which is a slip.
   *
   * @throws ConfigurationException when the folder as a whole cannot be relied on, so that it is
   *     not known what it defines
   */
  SortedMap<String, Candidate> read() throws ConfigurationException {
    SortedMap<String, Candidate> candidates = new TreeMap<>();
    try {
      files.requireFolder(folder);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          String file = entry.getFileName().toString();
          if (!file.startsWith(".") && file.endsWith(SUFFIX)) {
            String name = file.substring(0, file.length() - SUFFIX.length());
            candidates.put(name, candidate(entry, name));
          } else if (!file.startsWith(".") && file.endsWith(OTHER_SUFFIX)) {
            String name = file.substring(0, file.length() - OTHER_SUFFIX.length());
            candidates.putIfAbsent(
                name, faulty(file + " (expected: " + name + SUFFIX + ", or no such file)"));
          }
          if (candidates.size() > MOST) {
            throw new ConfigurationException(
                folder + ": more than " + MOST + " definitions (expected: at most as many)");
          }
        }
      }
      return Collections.unmodifiableSortedMap(candidates);
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(
          folder + ": is not there (expected: the folder that sidecar.yaml names)", missing);
    } catch (IOException | DirectoryIteratorException unreadable) {
      throw new ConfigurationException(
          folder + ": cannot be read: " + unreadable.getMessage(), unreadable);
    }
  }

  private Candidate candidate(Path file, String name) {
    try {
      return switch (WrittenDefinition.read(files.read(file, WrittenDefinition.MOST_BYTES))) {
        case WrittenDefinition.Invalid(List<String> faults) -> new Candidate.Faulty(faults);
        case WrittenDefinition.Valid(var definition) when !definition.name().equals(name) ->
            faulty(
                "name: " + definition.name() + " (expected: " + name + ", as the file is called)");
        case WrittenDefinition.Valid(var definition) -> new Candidate.Defined(definition);
      };
    } catch (ConfigurationException untrusted) {
      return faulty(String.valueOf(untrusted.getMessage()));
    } catch (IOException unreadable) {
      return faulty("cannot be read: " + unreadable);
    }
  }

  private static Candidate.Faulty faulty(String fault) {
    return new Candidate.Faulty(List.of(fault));
  }
}
