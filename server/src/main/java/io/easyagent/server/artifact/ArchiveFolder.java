package io.easyagent.server.artifact;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Archives as files named by their SHA-256. A file under such a name is complete, synced and never
 * changed; what is still being received has another name.
 */
final class ArchiveFolder {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String UNFINISHED = ".receiving";
  private static final int BUFFER = 64 << 10;

  private final Path folder;
  private final long mostBytes;

  ArchiveFolder(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** What was received, under its temporary name. */
  record Received(Path file, String sha256, long size) {}

  /**
   * Receives and syncs an archive.
   *
   * @throws RefusedException TOO_LARGE, STORAGE_FULL or BAD_REQUEST when the sender stopped early;
   *     nothing is left of it then
   */
  Received receive(InputStream bytes) {
    Path file = folder.resolve(UUID.randomUUID() + UNFINISHED);
    try {
      return receive(bytes, file);
    } catch (IOException failure) {
      discard(file);
      throw refusedOr(failure);
    } catch (RuntimeException refused) {
      discard(file);
      throw refused;
    }
  }

  private Received receive(InputStream bytes, Path file) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      byte[] buffer = new byte[BUFFER];
      for (int read = read(bytes, buffer); read >= 0; read = read(bytes, buffer)) {
        size += read;
        if (size > mostBytes) {
          throw new RefusedException(
              ErrorCode.TOO_LARGE, "the archive (expected: at most " + mostBytes + " bytes)");
        }
        digest.update(buffer, 0, read);
        ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, read);
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(true);
    }
    return new Received(file, HexFormat.of().formatHex(digest.digest()), size);
  }

  private static int read(InputStream bytes, byte[] buffer) {
    try {
      return bytes.read(buffer);
    } catch (IOException broken) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "the archive ended early (expected: all of its bytes)", broken);
    }
  }

  /** Gives the received file its lasting name. */
  void keep(Received received) {
    try {
      Files.move(
          received.file(),
          folder.resolve(received.sha256()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException failure) {
      throw refusedOr(failure);
    }
  }

  void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Path file(String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256: " + sha256 + " (expected: 64 lower-case hexadecimal digits)");
    }
    return folder.resolve(sha256);
  }

  static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  /** Removes what no package names: uploads and deletions that a crash cut short. */
  void sweep(Set<String> known) {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> !known.contains(String.valueOf(file.getFileName())))
          .forEach(this::discard);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static RuntimeException refusedOr(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    boolean full = message.contains("no space left") || message.contains("quota exceeded");
    return full
        ? new RefusedException(
            ErrorCode.STORAGE_FULL,
            "the server's disk is full (expected: room for the archive)",
            failure)
        : new UncheckedIOException(failure);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
