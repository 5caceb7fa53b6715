package io.easyagent.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where libraries unpack what is not Java: below the server's folder, emptied at each start, so
 * that a killed server leaves nothing in the machine's folder for temporary files. A property that
 * is set already is kept, for a data folder on a file system from which nothing may be executed.
 */
final class NativeLibraries {
  private static final List<String> PROPERTIES =
      List.of("org.sqlite.tmpdir", "io.netty.native.workdir");

  private NativeLibraries() {}

  /** Before the first of them is loaded; by the one server that holds the folder. */
  static void unpackBelow(Path data) {
    Path folder = data.toAbsolutePath().resolve("native");
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (Stream<Path> left = Files.list(folder)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("native libraries: " + failure, failure);
    }
    for (String property : PROPERTIES) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, folder.toString());
      }
    }
  }
}
