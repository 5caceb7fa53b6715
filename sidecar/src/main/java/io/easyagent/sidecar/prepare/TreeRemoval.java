package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * Removes a tree that somebody else may be writing to. It goes by folder descriptors and never
 * follows a link, so nothing outside the tree can be reached, however names are changed meanwhile.
 */
public final class TreeRemoval {
  /** Deeper folders are moved up first: depth costs descriptors and stack. */
  private static final int DEPTH = 40;

  private static final int ROUNDS = 1_000;

  private final SecureDirectoryStream<Path> top;

  private TreeRemoval(SecureDirectoryStream<Path> top) {
    this.top = top;
  }

  /**
   * Removes the path and everything below it; nothing when it is not there.
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
    try (SecureDirectoryStream<Path> above = secure(Files.newDirectoryStream(parent), parent)) {
      if (!isFolder(above, name)) {
        delete(above, name);
        return;
      }
      for (int round = 1; ; round++) {
        try (SecureDirectoryStream<Path> top = open(above, name)) {
          new TreeRemoval(top).empty(top, 1);
        }
        try {
          above.deleteDirectory(name);
          return;
        } catch (DirectoryNotEmptyException moreCame) {
          if (round == ROUNDS) {
            throw moreCame;
          }
        } catch (NoSuchFileException gone) {
          return;
        }
      }
    }
  }

  private void empty(SecureDirectoryStream<Path> folder, int depth) throws IOException {
    for (Path entry : folder) {
      Path name = entry.getFileName();
      if (!isFolder(folder, name)) {
        delete(folder, name);
      } else if (depth == DEPTH) {
        folder.move(name, top, Path.of(".removed-" + UUID.randomUUID()));
      } else {
        try (SecureDirectoryStream<Path> below = open(folder, name)) {
          empty(below, depth + 1);
        } catch (NoSuchFileException gone) {
          continue;
        }
        deleteFolder(folder, name);
      }
    }
  }

  /** A folder that got new entries meanwhile stays for the next round. */
  private static void deleteFolder(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    try {
      folder.deleteDirectory(name);
    } catch (NoSuchFileException | DirectoryNotEmptyException leftForTheNextRound) {
      return;
    }
  }

  private static void delete(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      folder.deleteFile(name);
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    try {
      return view(folder, name).readAttributes().isDirectory();
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    PosixFileAttributeView view = view(folder, name);
    PosixFileAttributes attributes = view.readAttributes();
    Set<PosixFilePermission> needed =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
    if (!attributes.permissions().containsAll(needed)) {
      view.setPermissions(needed);
    }
    return folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  private static PosixFileAttributeView view(SecureDirectoryStream<Path> folder, Path name) {
    return folder.getFileAttributeView(
        name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path path)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException(path + " cannot be opened by descriptor on this file system");
  }
}
