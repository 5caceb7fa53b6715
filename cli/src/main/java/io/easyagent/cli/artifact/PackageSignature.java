package io.easyagent.cli.artifact;

import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A signature that hosts can demand of a package: Ed25519, of a text with its name, its version and
 * its archive's checksum, so that what was signed as one package cannot be offered as another.
 */
public final class PackageSignature {
  static final int BYTES = 64;

  private static final int LARGEST_KEY = 16 << 10;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private PackageSignature() {}

  /** Reads what {@code package sign} or openssl wrote. */
  public static byte[] read(Path file) throws IOException {
    byte[] bytes = start(file, BYTES + 1);
    if (bytes.length != BYTES) {
      throw CommandException.usage(
          file
              + ": "
              + (bytes.length > BYTES ? "more than " + BYTES : Integer.toString(bytes.length))
              + " bytes (expected: the "
              + BYTES
              + " bytes of an Ed25519 signature)");
    }
    return bytes;
  }

  /**
   * @param key a PEM file as {@code openssl genpkey -algorithm ed25519} writes it
   */
  static byte[] sign(String name, String version, Path archive, Path key) throws IOException {
    try {
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(privateKey(key));
      signing.update(text(name, version, sha256(archive)).getBytes(StandardCharsets.UTF_8));
      return signing.sign();
    } catch (GeneralSecurityException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  static String text(String name, String version, String sha256) {
    return "easyagent-package-1\n%s\n%s\n%s\n".formatted(name, version, sha256);
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    String text = new String(start(file, LARGEST_KEY), StandardCharsets.US_ASCII);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    try {
      if (begin >= 0 && end > begin) {
        byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      }
    } catch (GeneralSecurityException | IllegalArgumentException otherKey) {
      // Told below; nothing of a key is shown.
    }
    throw CommandException.usage(
        file
            + ": no Ed25519 private key (expected: a PEM file, for example of: openssl genpkey"
            + " -algorithm ed25519)");
  }

  private static byte[] start(Path file, int most) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw CommandException.usage(file + ": no file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    }
  }

  private static String sha256(Path archive) throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
