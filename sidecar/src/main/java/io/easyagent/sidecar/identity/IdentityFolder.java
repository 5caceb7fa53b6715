package io.easyagent.sidecar.identity;

import io.easyagent.sidecar.local.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder {@code identity}, 0700, its files 0600: {@code credentials.pem} (the key and its
 * certificates, in one file, so that they change together), {@code authorities.pem} and {@code
 * host}. The folder appears as a whole: it is written under another name, synced and renamed. A
 * file in it is replaced in the same way, so that whenever the machine stops, what is there can be
 * used.
 */
public final class IdentityFolder {
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String CREDENTIALS = "credentials.pem";
  private static final String AUTHORITIES = "authorities.pem";
  private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_ENDS = "-----END PRIVATE KEY-----";

  /** Hears of each change on the disk, after it. */
  interface Steps {
    void done(String step);
  }

  private final Path data;
  private final Path folder;
  private final Path unfinished;
  private final Path replacement;
  private final Path replaced;
  private final Steps steps;

  public IdentityFolder(Path data) {
    this(data, step -> {});
  }

  IdentityFolder(Path data, Steps steps) {
    this.data = data;
    this.steps = steps;
    folder = data.resolve("identity");
    unfinished = data.resolve("identity.unfinished");
    replacement = data.resolve("identity.next");
    replaced = data.resolve("identity.old");
  }

  /** Empty before the host is enrolled. */
  public Optional<Identity> find() throws IdentityException {
    if (Files.notExists(folder)) {
      return Optional.empty();
    }
    try {
      Map<String, String> host = readHost();
      String credentials = Files.readString(folder.resolve(CREDENTIALS));
      return Optional.of(
          new Identity(
              UUID.fromString(requireLine(host, "host")),
              requireLine(host, "fleet"),
              readKey(credentials),
              readCertificates(CREDENTIALS, credentials.substring(endOfKey(credentials))),
              readCertificates(AUTHORITIES, Files.readString(folder.resolve(AUTHORITIES))),
              List.of(requireLine(host, "servers").split(",")),
              "yes".equals(host.get("ephemeral"))));
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
    keep(identity, folder);
  }

  /**
   * Keeps an identity beside the one that the host has, which stays in use until {@link
   * #takeReplacement}; on disk when it returns. An earlier one that was not taken up is dropped.
   */
  public void createReplacement(Identity identity) throws IdentityException {
    try {
      remove(replacement);
    } catch (IOException failure) {
      throw new IdentityException("identity " + replacement + ": " + failure, failure);
    }
    keep(identity, replacement);
  }

  /** Whether an identity waits to take the place of the one in use. */
  public boolean hasReplacement() {
    return Files.exists(replacement);
  }

  /**
   * Puts the replacement, if there is one, in the place of the identity. To be called by the holder
   * of the data folder's lock, before {@link #find}. Where the machine stopped on the way, the next
   * call goes on.
   */
  public void takeReplacement() throws IdentityException {
    try {
      if (Files.exists(replacement)) {
        if (Files.exists(folder)) {
          remove(replaced);
          Files.move(folder, replaced, StandardCopyOption.ATOMIC_MOVE);
          steps.done("old identity put aside");
        }
        Files.move(replacement, folder, StandardCopyOption.ATOMIC_MOVE);
        steps.done("new identity in place");
        PrivateFile.sync(data);
      }
      if (Files.exists(folder)) {
        remove(replaced);
      }
    } catch (IOException failure) {
      throw new IdentityException("identity " + folder + ": " + failure, failure);
    }
  }

  /** Removes every trace of an identity; the paths that were there. */
  public List<Path> removeAll() throws IdentityException {
    List<Path> removed = new ArrayList<>();
    try {
      for (Path each : List.of(replacement, replaced, unfinished, folder)) {
        if (Files.exists(each)) {
          remove(each);
          removed.add(each);
        }
      }
      PrivateFile.sync(data);
    } catch (IOException failure) {
      throw new IdentityException("identity " + folder + ": " + failure, failure);
    }
    return removed;
  }

  private void keep(Identity identity, Path target) throws IdentityException {
    try {
      remove(unfinished);
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      PrivateFile.create(
          unfinished.resolve(CREDENTIALS), credentials(identity.key(), identity.certificates()));
      PrivateFile.create(unfinished.resolve(AUTHORITIES), pem(identity.authorities()));
      PrivateFile.create(
          unfinished.resolve("host"),
          "host: "
              + identity.hostId()
              + "\nfleet: "
              + identity.fleetId()
              + "\nservers: "
              + String.join(",", identity.serverAddresses())
              + (identity.ephemeral() ? "\nephemeral: yes" : "")
              + "\n");
      PrivateFile.sync(unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      PrivateFile.sync(data);
    } catch (IOException | GeneralSecurityException failure) {
      throw new IdentityException("identity " + target + ": " + failure, failure);
    }
  }

  /** Puts a key and its certificates in the place of those that are there; on disk after. */
  void replaceCredentials(PrivateKey key, List<X509Certificate> certificates)
      throws IdentityException {
    try {
      replace(CREDENTIALS, credentials(key, certificates));
    } catch (IOException | GeneralSecurityException failure) {
      throw new IdentityException("identity " + folder + ": " + failure, failure);
    }
  }

  /** Puts the fleet's authorities in the place of those that are there; on disk after. */
  void replaceAuthorities(List<X509Certificate> authorities) throws IdentityException {
    try {
      replace(AUTHORITIES, pem(authorities));
    } catch (IOException | GeneralSecurityException failure) {
      throw new IdentityException("identity " + folder + ": " + failure, failure);
    }
  }

  private void replace(String name, String text) throws IOException {
    Path next = folder.resolve(name + ".new");
    Files.deleteIfExists(next);
    steps.done(name + " begun");
    PrivateFile.create(next, text);
    steps.done(name + " written");
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    steps.done(name + " renamed");
    PrivateFile.sync(folder);
    steps.done(name + " synced");
  }

  /** The key goes first: half a removal must not leave it behind. */
  private static void remove(Path identity) throws IOException {
    if (Files.notExists(identity)) {
      return;
    }
    Files.deleteIfExists(identity.resolve(CREDENTIALS));
    try (Stream<Path> files = Files.list(identity)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(identity);
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

  private static int endOfKey(String credentials) throws IOException {
    int end = credentials.indexOf(KEY_ENDS);
    if (!credentials.startsWith(KEY_BEGINS) || end < 0) {
      throw new IOException(CREDENTIALS + ": does not begin with a key");
    }
    return end + KEY_ENDS.length();
  }

  private static PrivateKey readKey(String credentials)
      throws IOException, GeneralSecurityException {
    String encoded =
        credentials
            .substring(0, endOfKey(credentials))
            .replace(KEY_BEGINS, "")
            .replace(KEY_ENDS, "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(encoded)));
  }

  private static List<X509Certificate> readCertificates(String name, String text)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))) {
      certificates.add((X509Certificate) certificate);
    }
    if (certificates.isEmpty()) {
      throw new IOException(name + ": no certificate");
    }
    return certificates;
  }

  private static String credentials(PrivateKey key, List<X509Certificate> certificates)
      throws GeneralSecurityException {
    return pem("PRIVATE KEY", key.getEncoded()) + pem(certificates);
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
