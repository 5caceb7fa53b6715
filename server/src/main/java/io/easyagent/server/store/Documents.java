package io.easyagent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Texts that are stored once, under their SHA-256. */
public final class Documents {
  private Documents() {}

  /** Stores the text unless it is there. Returns its digest, lower-case hexadecimal SHA-256. */
  public static String put(Transaction transaction, String body) {
    String digest = sha256(body.getBytes(UTF_8));
    transaction
        .handle()
        .execute(
            "INSERT INTO document (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
            digest,
            body);
    return digest;
  }

  public static Optional<String> find(Transaction transaction, String digest) {
    return transaction
        .handle()
        .createQuery("SELECT body FROM document WHERE digest = :digest")
        .bind("digest", digest)
        .mapTo(String.class)
        .findOne();
  }

  /** Lower-case hexadecimal SHA-256. */
  public static String sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
