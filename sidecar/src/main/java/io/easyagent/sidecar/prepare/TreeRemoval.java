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
      for (int round = 1; ; round++) {
        Optional<OpenFolder> found = above.findBelow(name);
        if (found.isEmpty()) {
          if (delete(above, names, name)) {
            return;
          }
        } else {
          try (OpenFolder folder = readable(found.get());
              SecureDirectoryStream<Path> top = folder.entries()) {
            new TreeRemoval(path, top, folder.mount()).empty(folder, top, 1);
          }
          if (deleteFolder(above, names, name)) {
            return;
          }
        }
        if (round == ROUNDS) {
          throw new DirectoryNotEmptyException(path.toString());
        }
      }
    }
  }

  private void empty(OpenFolder folder, SecureDirectoryStream<Path> entries, int depth)
      throws IOException {
    for (Path entry : entries) {
      Optional<Path> plain = plainName(entries, entry.getFileName());
      if (plain.isEmpty()) {
        continue;
      }
      Path name = plain.get();
      Optional<OpenFolder> below = folder.findBelow(name);
      if (below.isEmpty()) {
        delete(folder, entries, name);
        continue;
      }
      try (OpenFolder inner = readable(below.get())) {
        requireSameMount(inner, name);
        if (depth == DEPTH) {
          moveUp(entries, name);
          continue;
        }
        try (SecureDirectoryStream<Path> innerEntries = inner.entries()) {
          empty(inner, innerEntries, depth + 1);
        }
      }
      deleteFolder(folder, entries, name);
    }
  }

  /**
   * A name that is no plain text in every character set is replaced by one that is: it could not be
   * asked for otherwise. Empty when it is gone.
   */
  private static Optional<Path> plainName(SecureDirectoryStream<Path> entries, Path name)
      throws IOException {
    if (name.toString().chars().allMatch(letter -> letter >= ' ' && letter <= '~')) {
      return Optional.of(Path.of(name.toString()));
    }
    Path plain = newName();
    try {
      entries.move(name, entries, plain);
      return Optional.of(plain);
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  private static Path newName() {
    return Path.of(".removed-" + UUID.randomUUID());
  }

  private void moveUp(SecureDirectoryStream<Path> entries, Path name) throws IOException {
    try {
      entries.move(name, top, newName());
    } catch (NoSuchFileException gone) {
      return;
    }
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

  /** False when it has become a folder meanwhile, which is left for the next round. */
  private static boolean delete(OpenFolder folder, SecureDirectoryStream<Path> entries, Path name)
      throws IOException {
    try {
      entries.deleteFile(name);
      return true;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (FileSystemException failure) {
      if (isFolder(folder, name)) {
        return false;
      }
      throw failure;
    }
  }

  /** False when it got new entries meanwhile, or is no folder any more: for the next round. */
  private static boolean deleteFolder(
      OpenFolder folder, SecureDirectoryStream<Path> entries, Path name) throws IOException {
    try {
      entries.deleteDirectory(name);
      return true;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (DirectoryNotEmptyException moreCame) {
      return false;
    } catch (FileSystemException failure) {
      if (!isFolder(folder, name)) {
        return false;
      }
      throw failure;
    }
  }

  private static boolean isFolder(OpenFolder folder, Path name) throws IOException {
    Optional<OpenFolder> found = folder.findBelow(name);
    if (found.isPresent()) {
      found.get().close();
    }
    return found.isPresent();
  }

  /** Root may read everything; another user may have taken its own folder from itself. */
  private static OpenFolder readable(OpenFolder folder) throws IOException {
    if (Processes.effectiveUser() != 0) {
      int mode = (int) Files.getAttribute(folder.path(), "unix:mode");
      if ((mode & OWNER_MAY_ALL) != OWNER_MAY_ALL) {
        Files.setPosixFilePermissions(folder.path(), Disk.permissions(OWNER_MAY_ALL));
      }
    }
    return folder;
  }
}
