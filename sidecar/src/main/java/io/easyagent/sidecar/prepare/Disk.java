package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Writes that survive a power cut, with the modes and owners that are asked for. */
final class Disk {
  private final boolean root;

  /**
   * @param root whether the sidecar may give files away; if not, owners are left as they are
   */
  Disk(boolean root) {
    this.root = root;
  }

  static Disk of(Accounts accounts) {
    return new Disk(accounts.own().uid() == 0);
  }

  /** Makes the folder and those above it, and gives it mode and owner; a link there is an error. */
  void folder(Path folder, int mode, int uid, int gid) throws IOException {
    Path above = folder.getParent();
    if (above != null && !Files.exists(above)) {
      Files.createDirectories(above, PosixFilePermissions.asFileAttribute(permissions(0755)));
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(permissions(0700)));
    } catch (FileAlreadyExistsException existing) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(folder + " is in the way (expected: a folder)", existing);
      }
    }
    if (root) {
      Files.setAttribute(folder, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(folder, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }
    Files.setPosixFilePermissions(folder, permissions(mode));
    syncParent(folder);
  }

  /** The file has the new bytes whole, or is as it was. */
  void replace(Path file, byte[] bytes, int mode, int gid) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    create(temporary, bytes, mode, gid);
    rename(temporary, file);
  }

  /** A new file, synced; one that is there goes first. */
  void create(Path file, byte[] bytes, int mode, int gid) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(permissions(0600)))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (root) {
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      }
      Files.setPosixFilePermissions(file, permissions(mode));
      channel.force(true);
    } catch (IOException failed) {
      Files.deleteIfExists(file);
      throw failed;
    }
  }

  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncParent(to);
  }

  static void syncParent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** Makes a folder's names, or a file's bytes, durable. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  boolean hasModeAndGroup(Path file, int mode, int gid) throws IOException {
    int actual = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    int group = (int) Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    return actual == mode && (!root || group == gid);
  }

  static Set<PosixFilePermission> permissions(int mode) {
    EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromTheTop = PosixFilePermission.values();
    for (int bit = 0; bit < fromTheTop.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(fromTheTop[bit]);
      }
    }
    return permissions;
  }

  /**
   * What an operator should read: a full disk is named with the path and the bytes that are free.
   */
  static String explain(IOException failure, Path where) {
    String message = String.valueOf(failure.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return "disk full: " + where + " (free: " + free(where) + ")";
    }
    return failure.getClass().getSimpleName() + ": " + PathNames.shown(message);
  }

  static String free(Path where) {
    for (Path path = where; path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        try {
          return Files.getFileStore(path).getUsableSpace() + " bytes";
        } catch (IOException unknown) {
          return "unknown";
        }
      }
    }
    return "unknown";
  }
}
