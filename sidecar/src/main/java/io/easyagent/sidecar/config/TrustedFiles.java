package io.easyagent.sidecar.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Files and folders that nobody but their owner can have written or can exchange: no links, the
 * owner's, writable by nobody else, and so are the folders above them. The owner is root, or one
 * other user where the sidecar runs as that.
 */
public final class TrustedFiles {
  private static final int ROOT = 0;
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int FORMAT = 0170000;
  private static final int REGULAR = 0100000;
  private static final int FOLDER = 0040000;

  private final int owner;

  private TrustedFiles(int owner) {
    this.owner = owner;
  }

  /** Root's. */
  public static TrustedFiles ofRoot() {
    return new TrustedFiles(ROOT);
  }

  /** Root's, or that user's. */
  public static TrustedFiles ofRootOr(int uid) {
    return new TrustedFiles(uid);
  }

  /**
   * The text of a file, as it is now.
   *
   * @param largest bytes
   * @throws java.nio.file.NoSuchFileException when it is not there
   * @throws ConfigurationException when it cannot be trusted, is too large or no text
   */
  public String read(Path file, int largest) throws IOException, ConfigurationException {
    return text(file, bytes(file, largest));
  }

  /** The bytes of a file, as {@link #read}. */
  public byte[] bytes(Path file, int largest) throws IOException, ConfigurationException {
    requireFile(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw new ConfigurationException(
            file + ": more than " + largest + " bytes (expected: at most as many)");
      }
      return bytes;
    }
  }

  /** As {@link #read}, without reading it. */
  public void requireFile(Path file) throws IOException, ConfigurationException {
    if ((mode(file) & FORMAT) != REGULAR) {
      throw new ConfigurationException(
          file + ": is a link, a folder or a device (expected: a file)");
    }
    requireOwned(file, false);
    requireFoldersAbove(file);
  }

  /** What a file's bytes say. */
  public static String text(Path file, byte[] bytes) throws ConfigurationException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      throw new ConfigurationException(file + ": is no text (expected: UTF-8)", binary);
    }
  }

  /**
   * @throws java.nio.file.NoSuchFileException when it is not there
   * @throws ConfigurationException when it is no folder, or cannot be trusted
   */
  public void requireFolder(Path folder) throws IOException, ConfigurationException {
    if ((mode(folder) & FORMAT) != FOLDER) {
      throw new ConfigurationException(folder + ": is no folder (expected: one, and no link)");
    }
    requireOwned(folder, false);
    requireFoldersAbove(folder);
  }

  private void requireFoldersAbove(Path path) throws IOException, ConfigurationException {
    Path folder = path.toAbsolutePath().getParent();
    for (Path above = folder == null ? null : folder.toRealPath();
        above != null;
        above = above.getParent()) {
      requireOwned(above, true);
    }
  }

  /**
   * @param shared whether others may make files of their own in it, where they cannot exchange ours
   */
  private void requireOwned(Path path, boolean shared) throws IOException, ConfigurationException {
    int found = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (found != ROOT && found != owner) {
      throw new ConfigurationException(
          path
              + ": owner: uid "
              + found
              + " (expected: root"
              + (owner == ROOT ? "" : " or uid " + owner)
              + ")");
    }
    int mode = mode(path);
    if ((mode & OTHERS_MAY_WRITE) != 0 && !(shared && (mode & STICKY) != 0)) {
      throw new ConfigurationException(
          path
              + ": mode: "
              + Integer.toOctalString(mode & 07777)
              + " (expected: writable by "
              + (owner == ROOT ? "root" : "its owner")
              + " only)");
    }
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }
}
