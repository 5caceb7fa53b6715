package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.local.PrivateFile;
import io.easyagent.sidecar.policy.KeyRing;
import io.easyagent.sidecar.policy.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that came with the installation: a file of Ed25519 public keys, one a line, as the
 * middle line of what {@code openssl pkey -pubout} prints; a line that begins with # is for people.
 */
final class ReleaseKeys {
  /** Its name in a distribution. */
  static final String NAME = "release-keys";

  private static final int LARGEST = 64 << 10;

  private ReleaseKeys() {}

  /**
   * @throws ConfigurationException when it holds no key, or anything else, or others may write it
   */
  static KeyRing read(Path file) throws IOException, ConfigurationException {
    return parse(file, TrustedFiles.ofRoot().bytes(file, LARGEST));
  }

  /** Of a distribution whose checksum was right: whose the file is does not matter. */
  static KeyRing ofDistribution(Path version) throws IOException, ConfigurationException {
    Path file = version.resolve(NAME);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return parse(file, in.readNBytes(LARGEST));
    }
  }

  private static KeyRing parse(Path file, byte[] bytes) throws ConfigurationException {
    List<SigningKey> keys = new ArrayList<>();
    for (String line : TrustedFiles.text(file, bytes).lines().toList()) {
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      try {
        keys.add(SigningKey.parse(text));
      } catch (IllegalArgumentException malformed) {
        throw new ConfigurationException(
            file + ": " + text + " (expected: an Ed25519 public key)", malformed);
      }
    }
    if (keys.isEmpty()) {
      throw new ConfigurationException(file + ": no key (expected: at least one)");
    }
    return new KeyRing(keys, file.toString());
  }

  /** Those of a version that is confirmed take the place of those before. Idempotent. */
  static void take(Installation installation, Path version)
      throws IOException, ConfigurationException {
    ofDistribution(version);
    String text = Files.readString(version.resolve(NAME));
    Path kept = installation.releaseKeys();
    if (!Files.exists(kept) || !Files.readString(kept).equals(text)) {
      PrivateFile.replace(kept, text);
    }
  }
}
