package io.easyagent.server.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which files of a data folder a backup has: every one but the stated exceptions, so that a file
 * that a later release keeps there is not forgotten. The store and the archives come apart, from a
 * snapshot.
 *
 * @param files by name, with what changes when the file does
 * @param leftOut neither kept nor a known exception
 */
record Contents(SortedMap<String, String> files, List<String> leftOut) {
  /** Below the folder itself: locks, sockets, what is made anew, and copies of what is kept. */
  private static final Pattern EXCEPTIONS =
      Pattern.compile(
          "lock|backup\\.lock|last-backup|server\\.db(-wal|-shm|-journal)?|packages|backups"
              + "|logs|native[a-z-]*|backup-work|restoring|restore-work|replaced-.*|.*\\.(sock|new|partial)");

  static Contents of(Path data) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    List<String> leftOut = new ArrayList<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isException(data, folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = data.relativize(file).toString();
            if (isException(data, file)) {
              return FileVisitResult.CONTINUE;
            }
            if (attributes.isRegularFile() && Entries.isName(name)) {
              files.put(name, attributes.fileKey() + " " + attributes.lastModifiedTime());
            } else {
              leftOut.add(name);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new Contents(files, List.copyOf(leftOut));
  }

  private static boolean isException(Path data, Path path) {
    return data.equals(path.getParent())
        && EXCEPTIONS.matcher(String.valueOf(path.getFileName())).matches();
  }
}
