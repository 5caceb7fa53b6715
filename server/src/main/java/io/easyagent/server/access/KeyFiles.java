package io.easyagent.server.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** Keys and certificates as PEM files with mode 0600; written whole or not at all. */
final class KeyFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path folder;

  KeyFiles(Path folder) {
    this.folder = folder;
  }

  /** The certificate is written last: where it is, the key is. */
  boolean exist(String name) {
    return Files.exists(certificateFile(name));
  }

  void write(String name, X509Certificate certificate, PrivateKey key)
      throws IOException, GeneralSecurityException {
    writeFile(keyFile(name), pem("PRIVATE KEY", key.getEncoded()));
    writeFile(certificateFile(name), pem("CERTIFICATE", certificate.getEncoded()));
  }

  X509Certificate readCertificate(String name) throws IOException, GeneralSecurityException {
    byte[] bytes = Files.readAllBytes(certificateFile(name));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes));
  }

  PrivateKey readKey(String name) throws IOException, GeneralSecurityException {
    Path file = keyFile(name);
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IOException(
          file
              + ": mode "
              + PosixFilePermissions.toString(permissions)
              + " (expected: rw-------; others may have read the key)");
    }
    String body = Files.readString(file, US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  void writeText(String name, String text) throws IOException {
    writeFile(folder.resolve(name), text + "\n");
  }

  String readText(String name) throws IOException {
    return Files.readString(folder.resolve(name)).strip();
  }

  private Path keyFile(String name) {
    return folder.resolve(name + ".key");
  }

  private Path certificateFile(String name) {
    return folder.resolve(name + ".crt");
  }

  private void writeFile(Path target, String text) throws IOException {
    Path temporary = folder.resolve(target.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
