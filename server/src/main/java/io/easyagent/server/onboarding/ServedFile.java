package io.easyagent.server.onboarding;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that is served as it was when the server started; one that changed since is not served at
 * all, because what was printed names its old contents.
 */
public final class ServedFile {
  private static final int BUFFER = 64 << 10;

  private final Path path;
  private final long size;
  private final FileTime modified;
  private final ReentrantLock digesting = new ReentrantLock();
  private @Nullable String sha256;

  private ServedFile(Path path, long size, FileTime modified) {
    this.path = path;
    this.size = size;
    this.modified = modified;
  }

  static ServedFile of(Path path) throws IOException {
    return new ServedFile(path, Files.size(path), Files.getLastModifiedTime(path));
  }

  public String name() {
    return path.getFileName().toString();
  }

  public long size() {
    return size;
  }

  /**
   * Hexadecimal, lower-case. The first caller waits for the file to be read, the others do not.
   *
   * @throws RefusedException UNAVAILABLE for a file that changed since the server started
   */
  public String sha256() {
    digesting.lock();
    try {
      if (sha256 == null) {
        sha256 = digest();
      }
      return sha256;
    } finally {
      digesting.unlock();
    }
  }

  private String digest() {
    try (InputStream stream = open()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /**
   * The file's bytes; the caller closes it.
   *
   * @throws RefusedException UNAVAILABLE for a file that changed since the server started
   */
  public InputStream open() {
    try {
      FileChannel channel = FileChannel.open(path);
      if (channel.size() != size || !Files.getLastModifiedTime(path).equals(modified)) {
        channel.close();
        throw changed();
      }
      return Channels.newInputStream(channel);
    } catch (IOException gone) {
      throw changed();
    }
  }

  private RefusedException changed() {
    return new RefusedException(
        ErrorCode.UNAVAILABLE,
        name() + ": changed since the server started (expected: restart the server)");
  }
}
