package io.easyagent.cli.artifact;

import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Packs a folder into a .tar.gz that is the same for the same files: entries in the order of their
 * names below one top folder, owned by root, without times; of permissions only executable is kept.
 * Links may point inside the folder alone.
 */
final class FolderArchive {
  private static final int MOST_ENTRIES = 100_000;

  private FolderArchive() {}

  /**
   * @param top the name of the one folder at the top
   */
  static void pack(Path folder, String top, OutputStream out) throws IOException {
    Map<String, Path> entries = entries(folder);
    // The stream writes neither a time nor a name into the gzip header.
    try (GZIPOutputStream zipped = new GZIPOutputStream(out, 64 * 1024)) {
      TarWriter tar = new TarWriter(zipped);
      tar.folder(top + "/");
      for (Map.Entry<String, Path> entry : entries.entrySet()) {
        add(tar, folder, top + "/" + entry.getKey(), entry.getValue());
      }
      tar.end();
    }
  }

  /** Below the folder, by names with slashes. */
  private static Map<String, Path> entries(Path folder) throws IOException {
    Map<String, Path> entries = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found = all.skip(1).limit(MOST_ENTRIES + 1L).toList();
      if (found.size() > MOST_ENTRIES) {
        throw CommandException.usage(
            folder + ": too many files (expected: at most " + MOST_ENTRIES + ")");
      }
      for (Path path : found) {
        entries.put(folder.relativize(path).toString().replace('\\', '/'), path);
      }
    }
    return entries;
  }

  private static void add(TarWriter tar, Path folder, String name, Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      tar.link(name, insideOnly(folder, path));
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      tar.folder(name + "/");
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      tar.file(name, path, Files.isExecutable(path));
    } else {
      throw CommandException.usage(
          path + ": neither a file, a folder nor a link; a package cannot hold it");
    }
  }

  private static String insideOnly(Path folder, Path link) throws IOException {
    Path target = Files.readSymbolicLink(link);
    Path parent = link.toAbsolutePath().normalize().getParent();
    Path root = folder.toAbsolutePath().normalize();
    if (target.isAbsolute()
        || parent == null
        || !parent.resolve(target).normalize().startsWith(root)) {
      throw CommandException.usage(
          link + ": a link to " + target + " (expected: a relative one that stays in the folder)");
    }
    return target.toString().replace('\\', '/');
  }

  /** How long a name may be. */
  static boolean fits(String name, int limit) {
    return name.getBytes(StandardCharsets.UTF_8).length <= limit;
  }
}
