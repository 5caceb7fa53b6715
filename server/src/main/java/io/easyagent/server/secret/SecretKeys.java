package io.easyagent.server.secret;

import io.easyagent.server.store.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that values are sealed with: a file beside the store, mode 0600, one key a line as
 * {@code ID HEX}. The last one seals; the others open what was sealed before. Who has the store
 * alone, or a copy of it, has no value.
 */
public final class SecretKeys {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final int KEY_BYTES = 32;
  private static final int ID_DIGITS = 12;

  private final Map<String, SecretKey> keys;
  private final Key current;

  /**
   * @param id what is stored with every value: the beginning of the key's SHA-256
   */
  record Key(String id, SecretKey key) {}

  private SecretKeys(Map<String, SecretKey> keys, Key current) {
    this.keys = keys;
    this.current = current;
  }

  /**
   * Reads the file; the first start makes it.
   *
   * @throws IllegalStateException when others may read it, or it holds something else
   */
  public static SecretKeys open(Path file, SecureRandom random) {
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        PrivateFile.replace(file, id(key) + " " + HexFormat.of().formatHex(key) + "\n");
      }
      return read(file);
    } catch (IOException failure) {
      throw new UncheckedIOException("secret key " + file + ": " + failure, failure);
    }
  }

  private static SecretKeys read(Path file) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IllegalStateException(
          file
              + ": mode "
              + PosixFilePermissions.toString(permissions)
              + " (expected: rw-------; others may have read the key)");
    }
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    String last = "";
    int line = 0;
    for (String text : Files.readString(file, StandardCharsets.US_ASCII).lines().toList()) {
      line++;
      String[] parts = text.strip().split(" ", -1);
      if (parts.length != 2 || !parts[1].matches("[0-9a-f]{64}")) {
        throw unreadable(file, line);
      }
      byte[] key = HexFormat.of().parseHex(parts[1]);
      if (!parts[0].equals(id(key))) {
        throw unreadable(file, line);
      }
      keys.put(parts[0], new SecretKeySpec(key, "AES"));
      last = parts[0];
    }
    SecretKey sealing = keys.get(last);
    if (sealing == null) {
      throw new IllegalStateException(file + ": empty (expected: at least one key)");
    }
    return new SecretKeys(keys, new Key(last, sealing));
  }

  private static IllegalStateException unreadable(Path file, int line) {
    return new IllegalStateException(
        file + ": line " + line + " is no key (expected: its id and 64 hexadecimal digits)");
  }

  Key current() {
    return current;
  }

  Optional<SecretKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  private static String id(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
