package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.Folders;
import io.easyagent.benchmarks.measure.ServerUnderTest;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Server folders whose store is filled with the past; it is made once and copied for each run. */
final class FilledStore {
  private static final String STORE = "server.db";

  private final Path template;

  private FilledStore(Path template) {
    this.template = template;
  }

  /**
   * Takes the one that an earlier run made of the same past for the same distribution, or makes it.
   */
  static FilledStore in(Path work, Path easyagent, Past past) throws Exception {
    Path home = easyagent.toRealPath();
    // Of another distribution its schema may be another.
    Path cache = home.resolve("lib/server.aot");
    String mark = home + " " + Files.size(cache) + " " + changed(cache) + " " + past;
    Path template = work.resolve("past-%08x".formatted(mark.hashCode()));
    if (!Files.isDirectory(template)) {
      Path making = work.resolve("past-making");
      Folders.remove(making);
      Files.createDirectories(making);
      try (ServerUnderTest server =
          new ServerUnderTest(easyagent, making.resolve("data"), making.resolve("log"), "")) {
        server.launchFirst();
      }
      past.writeTo(making.resolve("data").resolve(STORE), SystemTime.now());
      Files.move(making, template, StandardCopyOption.ATOMIC_MOVE);
    }
    return new FilledStore(template);
  }

  /** Files of a distribution have one time of their making; when one was put there is another. */
  private static String changed(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ctime").toString();
  }

  /** A copy of the folder, for one server. */
  void copyTo(Path data) throws IOException {
    Path from = template.resolve("data");
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(data.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Files.copy(
                  file,
                  data.resolve(from.relativize(file).toString()),
                  StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** How large the store of a server's folder is, with what is not yet in its main file. */
  static long bytes(Path data) throws IOException {
    long bytes = 0;
    for (String name : new String[] {STORE, STORE + "-wal"}) {
      Path file = data.resolve(name);
      bytes += Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
    }
    return bytes;
  }
}
