package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.Material;
import io.easyagent.server.store.PrivateFile;
import io.easyagent.server.store.SyncedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Keys and certificates as PEM files with mode 0600; written whole or not at all. */
final class KeyFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path folder;

  KeyFiles(Path folder) {
    this.folder = folder;
  }

  boolean exist(String name) {
    return Files.exists(folder.resolve(name));
  }

  void writeCertificates(String name, List<X509Certificate> certificates)
      throws IOException, GeneralSecurityException {
    writeText(name, pem(certificates));
  }

  List<X509Certificate> readCertificates(String name) throws IOException {
    return Pem.certificates(folder.resolve(name));
  }

  void writeKey(String name, PrivateKey key) throws IOException {
    writeText(name, pem("PRIVATE KEY", key.getEncoded()));
  }

  /** Refuses a key that others may have read. */
  PrivateKey readKey(String name) throws IOException {
    requirePrivate(name);
    return Pem.key(folder.resolve(name));
  }

  /** A key with its certificates, in one file, so that they change together. */
  void writeIdentity(String name, ServerIdentity identity)
      throws IOException, GeneralSecurityException {
    writeText(name, pem("PRIVATE KEY", identity.key().getEncoded()) + pem(identity.chain()));
  }

  ServerIdentity readIdentity(String name) throws IOException {
    requirePrivate(name);
    Path file = folder.resolve(name);
    return new ServerIdentity(Pem.key(file), Pem.certificates(file));
  }

  Material readAuthority(String name) throws IOException {
    return new Material(readKey(name + ".key"), readCertificates(name + ".crt"));
  }

  /** The certificates are written last: where they are, the key is. */
  void writeAuthority(String name, Material authority)
      throws IOException, GeneralSecurityException {
    writeKey(name + ".key", authority.key());
    writeCertificates(name + ".crt", authority.chain());
  }

  /** Every file that is there. */
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private void requirePrivate(String name) throws IOException {
    Path file = folder.resolve(name);
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IOException(
          file
              + ": "
              + PosixFilePermissions.toString(permissions)
              + " (expected: rw-------; others may have read the key)");
    }
  }

  void writeText(String name, String text) throws IOException {
    PrivateFile.replace(folder.resolve(name), text);
  }

  String readText(String name) throws IOException {
    return Files.readString(folder.resolve(name)).strip();
  }

  void delete(String name) throws IOException {
    if (Files.deleteIfExists(folder.resolve(name))) {
      SyncedFolder.sync(folder);
    }
  }

  static String pem(List<X509Certificate> certificates) throws GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
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
