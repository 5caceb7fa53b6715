package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.linux.OpenFolder;
import io.easyagent.sidecar.linux.Processes;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Optional;
import java.util.UUID;

/**
 * Removes a tree that somebody else may be writing to. It goes from held folder to held folder,
 * opens nothing else, follows no link, changes no mode as root and leaves the mount for none:
 * nothing outside the tree can be reached and nothing in it can make it wait, however names are
 * changed meanwhile.
 */
public final class TreeRemoval {
  /** Deeper folders are moved up first: depth costs descriptors and stack. */
  private static final int DEPTH = 40;

  private static final int ROUNDS = 1_000;
  private static final int MOST_REFUSED = 10;
  private static final int OWNER_MAY_ALL = 0700;

  private final Path path;
  private final SecureDirectoryStream<Path> top;
  private final String mount;

  private TreeRemoval(Path path, SecureDirectoryStream<Path> top, String mount) {
    this.path = path;
    this.top = top;
    this.mount = mount;
  }

  /**
   * Removes the path and everything below it; nothing when it is not there. Who goes on creating
   * things there is given a bounded number of rounds.
   *
   * @throws IOException with what could not be removed
   */
  public static void remove(Path path) throws IOException {
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null) {
      throw new IOException("path: " + path + " (expected: not the root of a file system)");
    }
    if (!Files.exists(parent)) {
      return;
    }
    try (OpenFolder above = OpenFolder.open(parent);
        SecureDirectoryStream<Path> names = above.entries()) {
      IOException last = new DirectoryNotEmptyException(path.toString());
      int refused = 0;
      for (int round = 0; round < ROUNDS && refused < MOST_REFUSED; round++) {
        try {
          removeOnce(path, above, names, name);
          return;
        } catch (DirectoryNotEmptyException moreCame) {
          last = moreCame;
        } catch (FileSystemException failure) {
          // What it is may have changed between two looks; what is really forbidden stays so.
          last = failure;
          refused++;
        }
      }
      throw last;
    }
  }

  private static void removeOnce(
      Path path, OpenFolder above, SecureDirectoryStream<Path> names, Path name)
      throws IOException {
    Optional<OpenFolder> found = above.findBelow(name);
    try {
      if (found.isEmpty()) {
        names.deleteFile(name);
        return;
      }
      try (OpenFolder folder = found.get();
          SecureDirectoryStream<Path> top = entries(folder)) {
        new TreeRemoval(path, top, folder.mount()).empty(folder, top, 1);
      }
      names.deleteDirectory(name);
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  private void empty(OpenFolder folder, SecureDirectoryStream<Path> entries, int depth)
      throws IOException {
    for (Path entry : entries) {
      try {
        remove(folder, entries, plainName(entries, entry.getFileName()), depth);
      } catch (NoSuchFileException gone) {
        continue;
      } catch (DirectoryNotEmptyException moreCame) {
        // Left for the next round.
        continue;
      }
    }
  }

  private void remove(OpenFolder folder, SecureDirectoryStream<Path> entries, Path name, int depth)
      throws IOException {
    Optional<OpenFolder> below = folder.findBelow(name);
    if (below.isEmpty()) {
      entries.deleteFile(name);
      return;
    }
    try (OpenFolder inner = below.get()) {
      requireSameMount(inner, name);
      if (depth == DEPTH) {
        entries.move(name, top, newName());
        return;
      }
      try (SecureDirectoryStream<Path> innerEntries = entries(inner)) {
        empty(inner, innerEntries, depth + 1);
      }
    }
    entries.deleteDirectory(name);
  }

  /**
   * A name that is no plain text in every character set is replaced by one that is: it could not be
   * asked for otherwise.
   */
  private static Path plainName(SecureDirectoryStream<Path> entries, Path name) throws IOException {
    if (name.toString().chars().allMatch(letter -> letter >= ' ' && letter <= '~')) {
      return Path.of(name.toString());
    }
    Path plain = newName();
    entries.move(name, entries, plain);
    return plain;
  }

  private static Path newName() {
    return Path.of(".removed-" + UUID.randomUUID());
  }

  /** What is mounted there belongs to somebody else, and is not in the tree. */
  private void requireSameMount(OpenFolder inner, Path name) throws IOException {
    if (!inner.mount().equals(mount)) {
      throw new IOException(
          PathNames.shown(name.toString())
              + " in "
              + path
              + " is mounted (expected: no mounts in what is to be removed)");
    }
  }

  /** Root may read everything; another user may have taken its own folder from itself. */
  private static SecureDirectoryStream<Path> entries(OpenFolder folder) throws IOException {
    if (Processes.effectiveUser() != 0) {
      int mode = (int) Files.getAttribute(folder.path(), "unix:mode");
      if ((mode & OWNER_MAY_ALL) != OWNER_MAY_ALL) {
        Files.setPosixFilePermissions(folder.path(), Disk.permissions(OWNER_MAY_ALL));
      }
    }
    return folder.entries();
  }
}
