package io.easyagent.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** 256 random bits as a text, and the hash under which they are kept. */
final class TokenSecret {
  private static final String PREFIX = "ea_";
  private static final int BYTES = 32;
  private static final int LONGEST = 128;

  private TokenSecret() {}

  static String mint(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether it is worth a look into the store. */
  static boolean isPlausible(String text) {
    return text.startsWith(PREFIX) && text.length() <= LONGEST;
  }

  /** A fast hash is enough: nobody guesses 256 random bits. */
  static String hash(String secret) {
    return sha256(secret);
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
