package io.easyagent.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where libraries unpack what is not Java: below the server's folder, emptied at each start, so
 * that a killed server leaves nothing in the machine's folder for temporary files. A property that
 * is set already is kept, for a data folder on a file system from which nothing may be executed.
 */
final class NativeLibraries {
  private static final List<String> PROPERTIES =
      List.of("org.sqlite.tmpdir", "io.netty.native.workdir");

  private static final String SERVERS = "native";
  private static final String COMMANDS = "native-commands";

  private NativeLibraries() {}

  /** Before the first of them is loaded; by the one server that holds the folder. */
  static void unpackBelow(Path data) {
    Path folder = data.toAbsolutePath().resolve(SERVERS);
    makePrivate(folder);
    empty(folder);
    empty(data.toAbsolutePath().resolve(COMMANDS));
    use(folder);
  }

  /** As {@link #unpackBelow}, beside a server that may be running. */
  static void unpackForCommand(Path data) {
    Path folder = data.toAbsolutePath().resolve(COMMANDS);
    makePrivate(folder);
    use(folder);
  }

  /** What root makes there is the server's to remove. */
  private static void makePrivate(Path folder) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      UserPrincipal owner = Files.getOwner(Optional.ofNullable(folder.getParent()).orElseThrow());
      if (!Files.getOwner(folder).equals(owner)) {
        Files.setOwner(folder, owner);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("native libraries: " + failure, failure);
    }
  }

  private static void empty(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> left = Files.list(folder)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("native libraries: " + failure, failure);
    }
  }

  private static void use(Path folder) {
    for (String property : PROPERTIES) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, folder.toString());
      }
    }
  }
}
