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
 * A file that is relied on only when nobody but root can have written it or can exchange it: a
 * file, no link, root's, writable by root only, and so are the folders above it.
 */
public final class RootsFile {
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int FORMAT = 0170000;
  private static final int REGULAR = 0100000;

  private RootsFile() {}

  /**
   * @param largest more bytes than that are an error
   * @throws java.nio.file.NoSuchFileException when it is not there
   * @throws ConfigurationException when it is not as it must be: what, and what was expected
   */
  public static byte[] read(Path file, int largest) throws IOException, ConfigurationException {
    require(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw new ConfigurationException(
            file + ": more than " + largest + " bytes (expected: at most as many)");
      }
      return bytes;
    }
  }

  /** What was read, as text. */
  public static String text(Path file, byte[] bytes) throws ConfigurationException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      throw new ConfigurationException(file + ": is no text (expected: UTF-8)", binary);
    }
  }

  /** As {@link #read}, without reading it. */
  public static void require(Path file) throws IOException, ConfigurationException {
    if ((mode(file) & FORMAT) != REGULAR) {
      throw new ConfigurationException(
          file + ": is a link, a folder or a device (expected: a file)");
    }
    requireRoots(file);
    Path folder = file.toAbsolutePath().getParent();
    for (Path above = folder == null ? null : folder.toRealPath();
        above != null;
        above = above.getParent()) {
      requireRoots(above);
    }
  }

  private static void requireRoots(Path path) throws IOException, ConfigurationException {
    int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != 0) {
      throw new ConfigurationException(path + ": owner: uid " + owner + " (expected: root)");
    }
    int mode = mode(path);
    boolean sticky = (mode & FORMAT) != REGULAR && (mode & STICKY) != 0;
    if ((mode & OTHERS_MAY_WRITE) != 0 && !sticky) {
      throw new ConfigurationException(
          path
              + ": mode: "
              + Integer.toOctalString(mode & 07777)
              + " (expected: writable by root only)");
    }
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }
}
