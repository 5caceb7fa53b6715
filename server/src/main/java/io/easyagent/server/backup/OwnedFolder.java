package io.easyagent.server.backup;

import io.easyagent.server.store.SyncedFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A folder in which everything belongs to the folder's owner and only it can read it, whoever works
 * in it: a file that root left in the server's folder could stop the server.
 */
final class OwnedFolder {
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final UserPrincipal owner;

  OwnedFolder(Path root) throws IOException {
    this.root = root;
    this.owner = Files.getOwner(root);
  }

  Path root() {
    return root;
  }

  /** Makes folders down to the path, which is below the root. */
  Path folder(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = path.getParent();
      if (parent != null && parent.startsWith(root) && !parent.equals(root)) {
        folder(parent);
      }
      Files.createDirectory(path, FOLDER);
      give(path);
    }
    return path;
  }

  /** Writes a new file; on disk when it returns. */
  void write(Path file, Source source) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
      give(file);
      source.writeTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
  }

  /** Replaces a small file as a whole. */
  void replace(String name, String text) throws IOException {
    Path temporary = root.resolve(name + ".new");
    Files.deleteIfExists(temporary);
    write(temporary, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    Files.move(
        temporary,
        root.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    SyncedFolder.sync(root);
  }

  void give(Path path) throws IOException {
    if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
      Files.setOwner(path, owner);
    }
  }

  /** What a file gets. */
  @FunctionalInterface
  interface Source {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Removes a file or folder that this feature made; links in it are removed, not followed. */
  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          remove(child);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
