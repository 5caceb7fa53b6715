package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.ConfigurationFile;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.local.PrivateFile;
import io.easyagent.sidecar.prepare.PrepareException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The sidecar's own settings, as the server may change them: the whole file, of which everything
 * that decides where the sidecar's data and the host's own rules are stays as it is.
 *
 * @param read the file that this process was told to read; empty: it was made without one
 * @param usual the one file that is changed from afar
 */
public record Settings(Optional<Path> read, Path usual) {
  private static final Set<PosixFilePermission> USUAL_MODE =
      PosixFilePermissions.fromString("rw-r--r--");

  /**
   * Looks at all that can be known before anything is touched.
   *
   * @return whether the file holds just that already
   * @throws PrepareException what is against it
   */
  public boolean check(String content) throws PrepareException, IOException {
    if (read.isEmpty() || !read.get().equals(usual)) {
      throw new PrepareException(
          "the sidecar's settings are "
              + read.map(Path::toString).orElse("of no file")
              + " (expected: "
              + usual
              + ", without --config)");
    }
    try {
      Configuration wanted = ConfigurationFile.parse("sidecar.yaml", content);
      Configuration former = Configuration.USUAL;
      if (hasFormer()) {
        TrustedFiles.ofRoot().requireFile(usual);
        former = ConfigurationFile.read(usual);
      }
      requireSame("data", former.data(), wanted.data());
      requireSame("policy", former.policy(), wanted.policy());
      requireSame("definitions", former.definitions(), wanted.definitions());
      return hasFormer() && Files.readString(usual).equals(content);
    } catch (ConfigurationException wrong) {
      throw new PrepareException(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static void requireSame(String key, Object before, Object wanted)
      throws PrepareException {
    if (!before.equals(wanted)) {
      throw new PrepareException(
          key
              + ": "
              + shown(wanted)
              + " (expected: "
              + shown(before)
              + "; only the host itself changes it)");
    }
  }

  private static String shown(Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(Object::toString).orElse("none")
        : value.toString();
  }

  boolean hasFormer() {
    return Files.exists(usual, LinkOption.NOFOLLOW_LINKS);
  }

  /** What it is known by. */
  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /** Whether the file holds what is known by the digest. */
  static boolean holds(Path file, String digest) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && digest(Files.readAllBytes(file)).equals(digest);
  }

  public boolean holds(String content) throws IOException {
    return holds(usual, digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** As a whole or not at all, with the mode of what was there. */
  void replace(String content) throws IOException {
    Set<PosixFilePermission> mode = hasFormer() ? Files.getPosixFilePermissions(usual) : USUAL_MODE;
    Path next = usual.resolveSibling(usual.getFileName() + ".new");
    Files.deleteIfExists(next);
    PrivateFile.create(next, content);
    Files.setPosixFilePermissions(next, mode);
    Files.move(next, usual, StandardCopyOption.ATOMIC_MOVE);
    PrivateFile.sync(usual.resolveSibling("."));
  }
}
