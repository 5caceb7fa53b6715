package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.Material;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet's authorities and the server's own certificate. There is one authority that issues,
 * and, while it takes the place of an earlier one, that earlier one too, which then signs the
 * server's certificate until it is retired: hosts that have not heard of the new one still know the
 * server. Every change is on disk before it is in effect. Thread-safe.
 */
public final class Authorities {
  private static final Logger log = LoggerFactory.getLogger(Authorities.class);
  private static final String STATE = "authorities";
  private static final String FLEET = "fleet-id";
  private static final String SERVER = "server.pem";

  /** What operators trust; derived from the rest. */
  private static final String TRUSTED = "ca.crt";

  private static final Pattern OF_AN_AUTHORITY =
      Pattern.compile("(authority-[0-9a-f]{16})\\.(?:key|crt)(?:\\.new)?");

  private static final Duration WARN_BEFORE = Duration.ofDays(180);

  private final KeyFiles files;
  private final boolean given;
  private final List<String> names;
  private final InstantSource clock;
  private final SecureRandom random;
  private final UUID fleet;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private CertificateAuthority issuing;
  private Optional<Retiring> retiring;
  private ServerIdentity server;

  /**
   * @param authority absent when its key was the operator's and is not given any more
   */
  private record Retiring(List<X509Certificate> chain, Optional<CertificateAuthority> authority) {
    X509Certificate certificate() {
      return chain.getFirst();
    }
  }

  /**
   * How one authority stands.
   *
   * @param issuing whether it issues certificates; else it is being retired
   */
  public record Standing(X509Certificate certificate, String fingerprint, boolean issuing) {}

  private Authorities(
      KeyFiles files,
      Optional<Material> given,
      List<String> names,
      InstantSource clock,
      SecureRandom random)
      throws IOException, GeneralSecurityException {
    this.files = files;
    this.given = given.isPresent();
    this.names = List.copyOf(names);
    this.clock = clock;
    this.random = random;
    if (!files.exist(FLEET)) {
      files.writeText(FLEET, UUID.randomUUID() + "\n");
    }
    fleet = UUID.fromString(files.readText(FLEET));
    if (!files.exist(STATE)) {
      Material first =
          given.isPresent() ? given.get() : CertificateAuthority.make(fleet, clock, random);
      keep(first);
      writeState(Fingerprint.of(first.certificate()), Optional.empty());
    }
    State state = readState();
    if (given.isPresent() && !state.issuing().equals(Fingerprint.of(given.get().certificate()))) {
      state = replaced(state, given.get());
    }
    issuing = authority(issuingMaterial(state.issuing(), given));
    retiring =
        state.retiring().isPresent()
            ? Optional.of(readRetiring(state.retiring().get()))
            : Optional.empty();
    server = serverIdentity();
    writeTrusted();
    deleteLeftovers(state);
  }

  /**
   * Opens the authorities in the folder, or makes the first one.
   *
   * @param given the operator's own authority; one that is not known yet takes the place of the one
   *     that issued until now
   * @param names DNS names and addresses that the server is reached by
   * @throws IllegalStateException when they cannot be read, or others may read a key
   */
  public static Authorities open(
      Path folder,
      Optional<GivenAuthority> given,
      List<String> names,
      InstantSource clock,
      SecureRandom random) {
    Optional<Material> read = given.map(authority -> authority.read(clock.instant()));
    try {
      return new Authorities(new KeyFiles(folder), read, names, clock, random);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException failure) {
      throw new IllegalStateException(
          "certificate authority in " + folder + ": " + failure.getMessage(), failure);
    }
  }

  /** Names this fleet, for ever; part of the server's certificate. */
  public UUID fleet() {
    return fleet;
  }

  /** What the server proves itself with from the next connection on. */
  public synchronized ServerIdentity server() {
    return server;
  }

  /** What hosts and operators pin: the fingerprint of the authority of the server's certificate. */
  public synchronized String pinnedFingerprint() {
    return retiring.map(old -> Fingerprint.of(old.certificate())).orElse(issuing.fingerprint());
  }

  /** What hosts trust, the authority that issues first. */
  public synchronized List<X509Certificate> trusted() {
    List<X509Certificate> trusted = new ArrayList<>();
    trusted.add(issuing.certificate());
    retiring.ifPresent(old -> trusted.add(old.certificate()));
    return trusted;
  }

  /** The fingerprint of the authority that issued the certificate; empty when none of these did. */
  public Optional<String> issuerOf(X509Certificate certificate) {
    return trusted().stream()
        .filter(authority -> HostTrust.isIssuedBy(certificate, authority))
        .map(Fingerprint::of)
        .findFirst();
  }

  /** What hosts trust, as PEM. */
  public String trustedPem() {
    try {
      return KeyFiles.pem(trusted());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The one that issues first. */
  public synchronized List<Standing> standings() {
    List<Standing> standings = new ArrayList<>();
    standings.add(new Standing(issuing.certificate(), issuing.fingerprint(), true));
    retiring.ifPresent(old ->
        standings.add(new Standing(old.certificate(), Fingerprint.of(old.certificate()), false)));
    return standings;
  }

  synchronized CertificateAuthority issuing() {
    return issuing;
  }

  /** Told after each change of what the server proves itself with, or of what hosts trust. */
  public void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Makes a new authority, which issues from now on; the one before is being retired.
   *
   * @throws RefusedException CONFLICT when another is being retired, or the authority is given
   */
  public void rotate() {
    synchronized (this) {
      if (given) {
        throw new RefusedException(
            ErrorCode.CONFLICT,
            "the authority is given by caCertificates (to change it, let caCertificates and caKey"
                + " name the new one, and restart the server)");
      }
      requireNoneRetiring();
      try {
        Material next = CertificateAuthority.make(fleet, clock, random);
        keep(next);
        String before = issuing.fingerprint();
        writeState(Fingerprint.of(next.certificate()), Optional.of(before));
        retiring = Optional.of(new Retiring(issuing.chain(), Optional.of(issuing)));
        issuing = authority(next);
        writeTrusted();
      } catch (IOException | GeneralSecurityException failure) {
        throw new IllegalStateException("the authority was not changed: " + failure, failure);
      }
    }
    log.info("a new authority issues certificates fingerprint={}", issuing().fingerprint());
    tell();
  }

  /**
   * Ends the trust in the authority that is being retired; its key is deleted, at the next start
   * where this one ends before. The server's certificate is from the one that issues, from now on.
   *
   * @throws RefusedException NOT_FOUND when that one is not being retired
   */
  public void retire(String fingerprint) {
    synchronized (this) {
      if (retiring
          .map(old -> !Fingerprint.of(old.certificate()).equals(fingerprint))
          .orElse(true)) {
        throw new RefusedException(
            ErrorCode.NOT_FOUND,
            "no authority "
                + fingerprint
                + " is being retired"
                + retiring
                    .map(old -> " (expected: " + Fingerprint.of(old.certificate()) + ")")
                    .orElse(" (a rotation has not begun)"));
      }
      try {
        writeState(issuing.fingerprint(), Optional.empty());
        retiring = Optional.empty();
        server = serverIdentity();
        writeTrusted();
        files.delete(name(fingerprint) + ".key");
        files.delete(name(fingerprint) + ".crt");
      } catch (IOException | GeneralSecurityException failure) {
        throw new IllegalStateException("the authority was not retired: " + failure, failure);
      }
    }
    log.info("an authority is retired fingerprint={}", fingerprint);
    tell();
  }

  /** Renews the server's certificate when it is time, and warns of what ends soon. */
  public void keepServerCurrent() {
    ServerIdentity before = server();
    synchronized (this) {
      try {
        server = serverIdentity();
      } catch (IOException | GeneralSecurityException failure) {
        log.error("the server's certificate was not renewed", failure);
      }
    }
    Instant now = clock.instant();
    for (Standing authority : standings()) {
      Instant end = authority.certificate().getNotAfter().toInstant();
      if (now.plus(WARN_BEFORE).isAfter(end)) {
        log.warn(
            "the authority {} ends {} (see: easyagent ca rotate)", authority.fingerprint(), end);
      }
    }
    if (!server().certificate().equals(before.certificate())) {
      tell();
    }
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  private void requireNoneRetiring() {
    retiring.ifPresent(old -> {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "the authority "
              + Fingerprint.of(old.certificate())
              + " is still being retired (end that first: easyagent ca retire)");
    });
  }

  // ---- the server's own certificate

  /** The one on disk, where it is as it should be; else a new one, on disk. */
  private ServerIdentity serverIdentity() throws IOException, GeneralSecurityException {
    X509Certificate signer = retiring.map(Retiring::certificate).orElse(issuing.certificate());
    Optional<CertificateAuthority> signing =
        retiring.isPresent() ? retiring.get().authority() : Optional.of(issuing);
    Optional<ServerIdentity> known =
        files.exist(SERVER) ? Optional.of(files.readIdentity(SERVER)) : Optional.empty();
    if (known.isPresent()
        && HostTrust.isIssuedBy(known.get().certificate(), signer)
        && (signing.isEmpty() || isCurrent(known.get()))) {
      return known.get();
    }
    ServerIdentity issued =
        signing
            .orElseThrow(() ->
                new IOException(
                    "the server's certificate is gone, and the key of the authority "
                        + Fingerprint.of(signer)
                        + " that signed it is not here"))
            .issueServerIdentity(names);
    files.writeIdentity(SERVER, issued);
    log.info("the server has a new certificate expires={}", issued.expires());
    return issued;
  }

  /** For the names that the server has now, and not past two thirds of its life. */
  private boolean isCurrent(ServerIdentity known) throws CertificateParsingException {
    Instant from = known.certificate().getNotBefore().toInstant();
    Duration life = Duration.between(from, known.expires());
    return clock.instant().isBefore(from.plus(life.multipliedBy(2).dividedBy(3)))
        && namesOf(known.certificate()).equals(expectedNames());
  }

  private static Set<String> namesOf(X509Certificate certificate)
      throws CertificateParsingException {
    Set<String> names = new TreeSet<>();
    var alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      alternatives.forEach(alternative -> names.add(String.valueOf(alternative.get(1))));
    }
    return names;
  }

  private Set<String> expectedNames() {
    Set<String> expected = new TreeSet<>();
    expected.add(ServerIdentity.URI_PREFIX + fleet);
    expected.addAll(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    for (String each : names) {
      expected.add(literalOr(each));
    }
    return expected;
  }

  private static String literalOr(String name) {
    try {
      return InetAddress.ofLiteral(name).getHostAddress();
    } catch (IllegalArgumentException aName) {
      return name;
    }
  }

  // ---- what is on disk

  private record State(String issuing, Optional<String> retiring) {}

  private State readState() throws IOException {
    Optional<String> issuer = Optional.empty();
    Optional<String> old = Optional.empty();
    for (String line : files.readText(STATE).lines().toList()) {
      if (line.startsWith("issuing: ")) {
        issuer = Optional.of(line.substring("issuing: ".length()));
      } else if (line.startsWith("retiring: ")) {
        old = Optional.of(line.substring("retiring: ".length()));
      }
    }
    return new State(
        issuer.orElseThrow(() -> new IOException(STATE + ": no line \"issuing\"")), old);
  }

  private void writeState(String issuer, Optional<String> old) throws IOException {
    files.writeText(
        STATE,
        "issuing: " + issuer + "\n" + old.map(each -> "retiring: " + each + "\n").orElse(""));
  }

  /** Another authority is given than the one that issued until now: that one is being retired. */
  private State replaced(State state, Material next) throws IOException, GeneralSecurityException {
    if (state.retiring().isPresent()) {
      throw new IOException(
          "caCertificates: another authority than the one that issues, "
              + state.issuing()
              + ", while "
              + state.retiring().get()
              + " is still being retired (expected: end that first: easyagent ca retire)");
    }
    keep(next);
    State replaced = new State(Fingerprint.of(next.certificate()), Optional.of(state.issuing()));
    writeState(replaced.issuing(), replaced.retiring());
    log.info("the given authority issues certificates fingerprint={}", replaced.issuing());
    return replaced;
  }

  /** The key of a given authority stays where the operator keeps it. */
  private void keep(Material authority) throws IOException, GeneralSecurityException {
    String name = name(Fingerprint.of(authority.certificate()));
    if (given) {
      files.writeCertificates(name + ".crt", authority.chain());
    } else {
      files.writeAuthority(name, authority);
    }
  }

  private Material issuingMaterial(String fingerprint, Optional<Material> operators)
      throws IOException {
    if (operators.isPresent()) {
      return operators.get();
    }
    if (!files.exist(name(fingerprint) + ".key")) {
      throw new IOException(
          "the authority "
              + fingerprint
              + " was given by caCertificates and caKey (expected: that they name it still)");
    }
    return files.readAuthority(name(fingerprint));
  }

  private Retiring readRetiring(String fingerprint) throws IOException {
    String name = name(fingerprint);
    List<X509Certificate> chain = files.readCertificates(name + ".crt");
    return new Retiring(
        chain,
        files.exist(name + ".key")
            ? Optional.of(authority(files.readAuthority(name)))
            : Optional.empty());
  }

  private CertificateAuthority authority(Material material) {
    return new CertificateAuthority(material, fleet, clock, random);
  }

  /** What a change that was cut short left: keys that nobody trusts, any more or yet. */
  private void deleteLeftovers(State state) throws IOException {
    Set<String> known = new TreeSet<>();
    known.add(name(state.issuing()));
    state.retiring().ifPresent(old -> known.add(name(old)));
    for (String file : files.names()) {
      Matcher matcher = OF_AN_AUTHORITY.matcher(file);
      boolean unfinished = file.endsWith(".new");
      if (matcher.matches() && (unfinished || !known.contains(matcher.group(1)))) {
        files.delete(file);
        log.info("deleted what a change of authority left behind file={}", file);
      }
    }
  }

  private void writeTrusted() throws IOException {
    files.writeText(TRUSTED, trustedPem());
  }

  private static String name(String fingerprint) {
    return "authority-" + fingerprint.substring(0, 16);
  }
}
