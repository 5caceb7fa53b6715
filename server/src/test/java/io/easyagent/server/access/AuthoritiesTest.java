package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.PrivateFile;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
  private final FakeClock clock = new FakeClock();
  @TempDir private Path folder;

  private Authorities open(String... names) {
    return open(Optional.empty(), names);
  }

  private Authorities open(Optional<GivenAuthority> given, String... names) {
    return Authorities.open(folder, given, List.of(names), clock, new SecureRandom());
  }

  @Test
  void areTheSameAfterARestartAndKeysArePrivate() throws Exception {
    Authorities first = open("a");
    Authorities second = open("a");
    assertEquals(first.pinnedFingerprint(), second.pinnedFingerprint());
    assertEquals(64, first.pinnedFingerprint().length());
    assertEquals(first.fleet(), second.fleet());
    assertEquals(first.server().certificate(), second.server().certificate());
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    Path key = key(first.pinnedFingerprint());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(
        assertThrows(IllegalStateException.class, this::open).getMessage().contains("rw-r--r--"));
  }

  @Test
  void theServersCertificateIsReplacedForOtherNamesAndInTime() throws Exception {
    Authorities authorities = open("a");
    AtomicInteger changes = new AtomicInteger();
    authorities.whenChanged(changes::incrementAndGet);
    X509Certificate first = authorities.server().certificate();
    clock.advance(Duration.ofDays(400));
    authorities.keepServerCurrent();
    assertEquals(first, authorities.server().certificate());
    assertEquals(0, changes.get());
    clock.advance(Duration.ofDays(100));
    authorities.keepServerCurrent();
    assertNotEquals(first, authorities.server().certificate());
    assertEquals(1, changes.get());
    assertEquals(
        clock.instant().plus(CertificateAuthority.SERVER_LIFETIME), authorities.server().expires());
    String names =
        open("b", "fd00::7").server().certificate().getSubjectAlternativeNames().toString();
    assertTrue(names.contains("[2, b]") && names.contains("fd00:0:0:0:0:0:0:7"), names);
  }

  @Test
  void aServerThatWasOffForThreeYearsStartsWithANewCertificate() {
    X509Certificate first = open("a").server().certificate();
    clock.advance(Duration.ofDays(3 * 365));
    ServerIdentity now = open("a").server();
    assertNotEquals(first, now.certificate());
    assertTrue(now.expires().isAfter(clock.instant()));
  }

  @Test
  void aRotationGoesThroughAnOverlapAndSurvivesRestarts() throws Exception {
    Authorities authorities = open("a");
    AtomicInteger changes = new AtomicInteger();
    authorities.whenChanged(changes::incrementAndGet);
    String old = authorities.pinnedFingerprint();
    ServerIdentity server = authorities.server();

    authorities.rotate();

    for (Authorities each : List.of(authorities, open("a"))) {
      assertEquals(2, each.trusted().size());
      assertEquals(old, each.pinnedFingerprint());
      assertEquals(server.certificate(), each.server().certificate());
      assertNotEquals(old, each.issuing().fingerprint());
      assertEquals(each.trusted().getFirst(), each.issuing().certificate());
      assertThrows(RefusedException.class, each::rotate);
    }
    assertEquals(1, changes.get());
    assertEquals(
        2, Files.readString(folder.resolve("ca.crt")).split("BEGIN CERTIFICATE", -1).length - 1);
    String next = authorities.issuing().fingerprint();
    assertThrows(RefusedException.class, () -> authorities.retire(next));
    assertTrue(Files.exists(key(old)));

    authorities.retire(old);

    for (Authorities each : List.of(authorities, open("a"))) {
      assertEquals(next, each.pinnedFingerprint());
      assertEquals(1, each.trusted().size());
      assertTrue(HostTrust.isIssuedBy(each.server().certificate(), each.trusted().getFirst()));
    }
    assertEquals(2, changes.get());
    assertFalse(Files.exists(key(old)), "nobody can issue with it any more");
    assertThrows(RefusedException.class, () -> authorities.retire(old));
  }

  @Test
  void aCrashAtAnyFileOfARotationLeavesAnAuthorityThatIssues() throws Exception {
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Authorities authorities = open("a");
    String old = authorities.pinnedFingerprint();
    List<Path> before = snapshot();
    authorities.rotate();
    List<Path> added = new ArrayList<>(snapshot());
    added.removeAll(before);
    assertEquals(2, added.size(), added::toString);
    // As if the machine had stopped before the state was written.
    Files.writeString(folder.resolve("authorities"), "issuing: " + old + "\n");
    Authorities after = open("a");
    assertEquals(old, after.issuing().fingerprint());
    assertEquals(1, after.trusted().size());
    assertEquals(before, snapshot(), "the key of an authority that never came to be is gone");
    after.rotate();
    // As if it had stopped after the state was written, and before the new certificate was.
    String next = after.issuing().fingerprint();
    Files.writeString(folder.resolve("authorities"), "issuing: " + next + "\n");
    Authorities retired = open("a");
    assertTrue(HostTrust.isIssuedBy(retired.server().certificate(), retired.trusted().getFirst()));
    Files.delete(copies);
  }

  @Test
  void aCrashAtAnyFileOfARetirementLeavesNoKeyThatNobodyTrusts() throws Exception {
    Authorities authorities = open("a");
    String old = authorities.pinnedFingerprint();
    authorities.rotate();
    String next = authorities.issuing().fingerprint();
    Path state = folder.resolve("authorities");
    String rotated = Files.readString(state);
    Path certificate = key(old).resolveSibling(name(key(old)).replace(".key", ".crt"));
    String keyText = Files.readString(key(old));
    byte[] certificateText = Files.readAllBytes(certificate);
    authorities.retire(old);
    List<Path> retired = snapshot();

    // As if the machine had stopped after the state was written, and after the key was deleted.
    for (boolean keyDeleted : new boolean[] {false, true}) {
      if (!keyDeleted) {
        PrivateFile.replace(key(old), keyText);
      }
      Files.write(certificate, certificateText);
      Files.writeString(key(old).resolveSibling(name(key(old)) + ".new"), keyText);

      Authorities after = open("a");

      assertEquals(next, after.pinnedFingerprint());
      assertEquals(Set.copyOf(retired), Set.copyOf(snapshot()));
    }

    // Before the state was written all of it is still needed.
    PrivateFile.replace(key(old), keyText);
    Files.write(certificate, certificateText);
    Files.writeString(state, rotated);
    Authorities before = open("a");
    assertEquals(2, before.trusted().size());
    assertTrue(Files.exists(key(old)));
    before.retire(old);
    assertEquals(Set.copyOf(retired), Set.copyOf(snapshot()));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private List<Path> snapshot() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aGivenIntermediateIssuesAndItsChainIsSent() throws Exception {
    OperatorsAuthority root = OperatorsAuthority.root(clock);
    OperatorsAuthority intermediate = root.intermediate();
    Authorities authorities = open(Optional.of(intermediate.files(folder)), "a");

    assertEquals(Fingerprint.of(intermediate.certificate()), authorities.pinnedFingerprint());
    assertEquals(
        List.of(intermediate.certificate(), root.certificate()),
        authorities.server().chain().subList(1, 3));
    assertTrue(
        HostTrust.isIssuedBy(authorities.server().certificate(), intermediate.certificate()));
    assertFalse(Files.exists(key(authorities.pinnedFingerprint())), "its key is never copied");
    assertTrue(
        assertThrows(RefusedException.class, authorities::rotate)
            .getMessage()
            .contains("caCertificates"));
    assertTrue(
        assertThrows(IllegalStateException.class, this::open)
            .getMessage()
            .contains("was given by caCertificates and caKey"));
  }

  @Test
  void anotherGivenAuthorityTakesThePlaceOfTheOneThatWasOwnAndThenOfTheOneThatWasGiven()
      throws Exception {
    String own = open("a").pinnedFingerprint();
    OperatorsAuthority first = OperatorsAuthority.root(clock);
    Optional<GivenAuthority> firstFiles = Optional.of(first.files(folder));

    Authorities overlap = open(firstFiles, "a");
    assertEquals(own, overlap.pinnedFingerprint());
    assertEquals(first.certificate(), overlap.trusted().getFirst());
    Optional<GivenAuthority> second = Optional.of(OperatorsAuthority.root(clock).files(folder));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> open(second, "a"))
            .getMessage()
            .contains("is still being retired"));
    open(firstFiles, "a").retire(own);

    X509Certificate server = open(firstFiles, "a").server().certificate();
    Authorities again = open(second, "a");
    assertEquals(server, again.server().certificate(), "its signer's key is not here");
    again.retire(Fingerprint.of(first.certificate()));
    assertNotEquals(server, again.server().certificate());
  }

  @Test
  void whatIsWrongWithAGivenAuthorityIsSaid() throws Exception {
    OperatorsAuthority root = OperatorsAuthority.root(clock);
    OperatorsAuthority other = OperatorsAuthority.root(clock);
    refused("is no authority", root.leaf().files(folder));
    refused("key usage keyCertSign", root.withoutCertificateSigning().files(folder));
    refused("limited to the usages", root.forServersOnly().files(folder));
    refused("is not the key of the first certificate", root.withKeyOf(other).files(folder));
    refused("did not issue the one before it", root.intermediate().withIssuer(other).files(folder));
    GivenAuthority open = root.files(folder);
    Files.setPosixFilePermissions(open.key(), PosixFilePermissions.fromString("rw-r--r--"));
    refused("has the mode rw-r--r--", open);
    GivenAuthority empty = root.files(folder);
    Files.writeString(empty.certificates(), "nothing");
    refused("no certificate", empty);
    GivenAuthority encrypted = root.files(folder);
    Files.writeString(
        encrypted.key(),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
    refused(encrypted.key().toString(), encrypted);
    GivenAuthority good = root.files(folder);
    clock.advance(Duration.ofDays(4000));
    refused("its first certificate is good from", good);
  }

  private void refused(String message, GivenAuthority given) {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> open(Optional.of(given), "a"));
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }

  private Path key(String fingerprint) {
    return folder.resolve("authority-" + fingerprint.substring(0, 16) + ".key");
  }
}
