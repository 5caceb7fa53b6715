package io.easyagent.acceptance.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.server.ClockedServer;
import io.easyagent.server.Server;
import io.easyagent.sidecar.ClockedSidecar;
import io.easyagent.testkit.Eventually;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates of a server and its hosts through years, rotations and long absences. The past is
 * played: the clock begins some days ago and is set forward.
 */
class CertificateLifeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Optional<Server> server = Optional.empty();
  private Map<String, String> settings = Map.of();
  private int hostPort;

  @AfterEach
  void stop() {
    server.ifPresent(Server::close);
  }

  private Server start(ShiftedClock clock) {
    Server started = ClockedServer.start(folder.resolve("server"), hostPort, clock, settings);
    server = Optional.of(started);
    hostPort = started.hostPort();
    return started;
  }

  private URI url() {
    return URI.create("https://127.0.0.1:" + server.orElseThrow().operatorPort());
  }

  private String adminToken() throws Exception {
    return Files.readString(folder.resolve("server/admin.token")).strip();
  }

  private String authority() throws Exception {
    return Files.readString(folder.resolve("server/ca/ca.crt"));
  }

  private EasyAgentClient client(String trusted) throws Exception {
    return new EasyAgentClient(
        new ServerConnection(
            url(), ServerTrust.Authority.parse(trusted), Optional.of(adminToken())));
  }

  private CommandLine commandLine(String name) throws Exception {
    Path file = folder.resolve(name);
    new ConfigurationFile(file).write(new Configuration(url(), authority(), adminToken()));
    return new CommandLine(file);
  }

  private EnrollToken token() throws Exception {
    try (EasyAgentClient client = client(authority())) {
      return client.createEnrollToken(
          new EnrollTokenRequest(
              Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    }
  }

  private Path enroll(String name, EnrollToken token) {
    Path data = folder.resolve(name);
    assertEquals(
        "",
        ClockedSidecar.enroll(data, hostPort, token.fingerprint(), token.token().orElseThrow()));
    return data;
  }

  private static int authorities(Path host) throws Exception {
    return Files.readString(host.resolve("identity/authorities.pem"))
            .split("BEGIN CERTIFICATE", -1)
            .length
        - 1;
  }

  /** A sidecar that is there until it was connected. */
  private static void connect(Path host, ShiftedClock clock) throws Exception {
    try (ClockedSidecar sidecar = ClockedSidecar.start(host, clock)) {
      awaitConnected(sidecar);
    }
  }

  private static void awaitConnected(ClockedSidecar sidecar) {
    Eventually.await(
        PATIENCE, "connected", () -> sidecar.status().contains("server   connected to"));
  }

  @Test
  void aServerAndAHostThatWereOffForThreeMonthsComeBackAndTheHostRenews() throws Exception {
    ShiftedClock clock = new ShiftedClock(230);
    start(clock);
    Path host = enroll("host", token());
    X509Certificate first = ClockedSidecar.certificate(host);
    connect(host, clock);
    assertEquals(first, ClockedSidecar.certificate(host));
    server.orElseThrow().close();

    clock.goTo(138);
    start(clock);
    connect(host, clock);
    assertEquals(first, ClockedSidecar.certificate(host), "a third of its life is not over");

    clock.goTo(0);
    connect(host, clock);
    assertNotEquals(first, ClockedSidecar.certificate(host));
    connect(host, clock);
  }

  @Test
  void aHostWhoseCertificateExpiredWhileItWasOffRenewsItAndComesBack() throws Exception {
    ShiftedClock clock = new ShiftedClock(365 + 170);
    start(clock);
    Path host = enroll("host", token());
    server.orElseThrow().close();

    clock.goTo(0);
    start(clock);
    connect(host, clock);
    assertTrue(
        ClockedSidecar.certificate(host)
            .getNotAfter()
            .toInstant()
            .isAfter(clock.instant().plus(Duration.ofDays(364))));
  }

  @Test
  void aHostThatWasOffForTooLongIsToldWhatToDo() throws Exception {
    ShiftedClock clock = new ShiftedClock(365 + 185);
    start(clock);
    Path host = enroll("host", token());
    server.orElseThrow().close();

    clock.goTo(0);
    start(clock);
    try (ClockedSidecar sidecar = ClockedSidecar.start(host, clock)) {
      Eventually.await(
          PATIENCE,
          "told",
          () ->
              sidecar
                  .status()
                  .contains("enrol this host anew: easyagent-sidecar enroll --replace"));
    }
  }

  @Test
  void aRotationMovesHostsServerAndOperatorsWithoutCuttingAnybodyOff() throws Exception {
    ShiftedClock clock = new ShiftedClock(1);
    start(clock);
    EnrollToken before = token();
    Path host = enroll("host", token());
    try (ClockedSidecar sidecar = ClockedSidecar.start(host, clock)) {
      awaitConnected(sidecar);
      CommandLine anna = commandLine("anna.yaml");
      CommandLine ben = commandLine("ben.yaml");
      anna.run("ca", "retire").expect(1);

      anna.run("ca", "rotate").expect(0);

      anna.run("ca", "rotate").expect(1);
      anna.run("ca", "trust").expect(0);
      CommandLine.Result refused = anna.run("ca", "retire").expect(1);
      assertTrue(refused.err().contains("1 host has no certificate"), refused::screen);
      Path second = enroll("second", before);
      Path third = enroll("third", token());
      for (Path enrolled : new Path[] {second, third}) {
        connect(enrolled, clock);
      }
      X509Certificate old = ClockedSidecar.certificate(host);
      Eventually.await(PATIENCE, "knows both", () -> authorities(host) == 2);
      // From here on it has five minutes, and has drawn when.
      assertTrue(sidecar.status().contains("renewal from"), sidecar.status());
      clock.advance(Duration.ofMinutes(10));
      server.orElseThrow().close();
      start(clock);
      for (String name : new String[] {"anna.yaml", "ben.yaml"}) {
        ConfigurationFile file = new ConfigurationFile(folder.resolve(name));
        Configuration known = file.read();
        file.write(new Configuration(url(), known.ca(), known.token()));
      }
      Eventually.await(PATIENCE, "renewed", () -> !ClockedSidecar.certificate(host).equals(old));
      Eventually.await(
          PATIENCE, "moved", () -> anna.run("ca", "show").out().contains("every host has moved"));

      anna.run("ca", "retire").expect(0);

      anna.run("host", "list").expect(0);
      ben.run("host", "list").expect(3);
      Eventually.await(PATIENCE, "knows the new one alone", () -> authorities(host) == 1);
      server.orElseThrow().close();
      Eventually.await(PATIENCE, "lost", () -> !sidecar.status().contains("server   connected to"));
      start(clock);
      awaitConnected(sidecar);
    }
  }

  @Test
  void anAuthorityThatOpenSslMadeIssuesForTheFleet() throws Exception {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key"
            + " -out root.pem -days 3650 -subj /CN=Corporate-root -addext"
            + " basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign");
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout fleet.key"
            + " -out fleet.csr -subj /CN=Fleet");
    Files.writeString(
        folder.resolve("fleet.ext"),
        "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n");
    openssl(
        "x509 -req -in fleet.csr -CA root.pem -CAkey root.key -days 1825 -out fleet.pem"
            + " -extfile fleet.ext -CAcreateserial");
    Files.writeString(
        folder.resolve("chain.pem"),
        Files.readString(folder.resolve("fleet.pem"))
            + Files.readString(folder.resolve("root.pem")));
    Files.setPosixFilePermissions(
        folder.resolve("fleet.key"), PosixFilePermissions.fromString("rw-------"));
    settings =
        Map.of(
            "caCertificates", folder.resolve("chain.pem").toString(),
            "caKey", folder.resolve("fleet.key").toString());
    ShiftedClock clock = new ShiftedClock(0);
    start(clock);
    Path host = enroll("host", token());
    connect(host, clock);
    // Whoever trusts the corporation's root alone trusts the chain that the server sends.
    try (EasyAgentClient client = client(Files.readString(folder.resolve("root.pem")))) {
      client.version();
    }
  }

  private void openssl(String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
  }
}
