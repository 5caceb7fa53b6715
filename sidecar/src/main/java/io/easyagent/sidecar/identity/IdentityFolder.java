package io.easyagent.sidecar.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder {@code identity}, 0700, its files 0600. It appears as a whole: it is written under
 * another name, synced and renamed.
 */
public final class IdentityFolder {
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path data;
  private final Path folder;
  private final Path unfinished;

  public IdentityFolder(Path data) {
    this.data = data;
    folder = data.resolve("identity");
    unfinished = data.resolve("identity.unfinished");
  }

  /** Empty before the host is enrolled. */
  public Optional<Identity> find() throws IdentityException {
    if (Files.notExists(folder)) {
      return Optional.empty();
    }
    try {
      Map<String, String> host = readHost();
      return Optional.of(
          new Identity(
              UUID.fromString(requireLine(host, "host")),
              requireLine(host, "fleet"),
              readKey(),
              readCertificates("certificates.pem"),
              readCertificates("authorities.pem"),
              List.of(requireLine(host, "servers").split(","))));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
      throw new IdentityException("identity " + folder + ": " + unreadable, unreadable);
    }
  }

  /**
   * Keeps the identity of a host that had none; on disk when it returns.
   *
   * @throws IdentityException when there is one already, or it cannot be written
   */
  public void create(Identity identity) throws IdentityException {
    if (Files.exists(folder)) {
      throw new IdentityException("identity " + folder + ": exists (expected: none)");
    }
    try {
      removeUnfinished();
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      write("key.pem", pem("PRIVATE KEY", identity.key().getEncoded()));
      write("certificates.pem", pem(identity.certificates()));
      write("authorities.pem", pem(identity.authorities()));
      write(
          "host",
          "host: "
              + identity.hostId()
              + "\nfleet: "
              + identity.fleetId()
              + "\nservers: "
              + String.join(",", identity.serverAddresses())
              + "\n");
      sync(unfinished);
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      sync(data);
    } catch (IOException | GeneralSecurityException failure) {
      throw new IdentityException("identity " + folder + ": " + failure, failure);
    }
  }

  private void removeUnfinished() throws IOException {
    if (Files.exists(unfinished)) {
      try (Stream<Path> files = Files.list(unfinished)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(unfinished);
    }
  }

  private void write(String name, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            unfinished.resolve(name),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Map<String, String> readHost() throws IOException {
    Map<String, String> lines = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("host"))) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return lines;
  }

  private String requireLine(Map<String, String> lines, String key) throws IOException {
    String value = lines.get(key);
    if (value == null || value.isEmpty()) {
      throw new IOException("host: no line \"" + key + "\"");
    }
    return value;
  }

  private PrivateKey readKey() throws IOException, GeneralSecurityException {
    String text = Files.readString(folder.resolve("key.pem"));
    String encoded =
        text.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(encoded)));
  }

  private List<X509Certificate> readCertificates(String name)
      throws IOException, GeneralSecurityException {
    byte[] text = Files.readAllBytes(folder.resolve(name));
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text))) {
      certificates.add((X509Certificate) certificate);
    }
    if (certificates.isEmpty()) {
      throw new IOException(name + ": no certificate");
    }
    return certificates;
  }

  private static String pem(List<X509Certificate> certificates) throws GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  private static String pem(String kind, byte[] encoded) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, BASE64.encodeToString(encoded));
  }
}
