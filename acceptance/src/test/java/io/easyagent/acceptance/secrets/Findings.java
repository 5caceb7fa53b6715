package io.easyagent.acceptance.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/** What was found where. Thread-safe. */
final class Findings {
  private final Set<String> found = new ConcurrentSkipListSet<>();
  private final Collection<Planted> planted;
  private int looked;

  Findings(Collection<Planted> planted) {
    this.planted = List.copyOf(planted);
  }

  synchronized void text(String where, String text) {
    looked++;
    for (Planted each : planted) {
      if (each.isIn(text)) {
        found.add(each + " in " + where);
      }
    }
  }

  /** Every file below, as it is on disk, with its mode and owner where something is found. */
  void files(String name, Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file :
          walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList()) {
        text(name + " " + folder.relativize(file) + " " + access(file), content(file));
      }
    }
  }

  private static String content(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static String access(Path file) throws IOException {
    return PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))
        + " "
        + Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
        + ":"
        + Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
  }

  /** How many texts were looked at. */
  synchronized int looked() {
    return looked;
  }

  /** Sorted, each once. */
  Set<String> all() {
    return new TreeSet<>(found);
  }
}
