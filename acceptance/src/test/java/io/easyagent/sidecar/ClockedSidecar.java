package io.easyagent.sidecar;

import io.easyagent.sidecar.config.ConfigurationFile;
import io.easyagent.sidecar.local.StatusSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;

/** The sidecar as it is, by a clock of the test's. */
public final class ClockedSidecar implements AutoCloseable {
  private final Path data;
  private final Sidecar sidecar;

  private ClockedSidecar(Path data, Sidecar sidecar) {
    this.data = data;
    this.sidecar = sidecar;
  }

  /** Runs {@code easyagent-sidecar enroll}; what it printed when it failed, else nothing. */
  public static String enroll(Path data, int port, String fingerprint, String token) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new SidecarMain(
                new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(token.getBytes(StandardCharsets.UTF_8)),
                KeeperWorkforce::new)
            .run(
                List.of(
                    "enroll",
                    "--server",
                    "127.0.0.1:" + port,
                    "--fingerprint",
                    fingerprint,
                    "--token-file",
                    "-",
                    "--data",
                    data.toString()));
    return status == 0 ? "" : err.toString(StandardCharsets.UTF_8);
  }

  public static ClockedSidecar start(Path data, Clock clock) throws Exception {
    Path configuration = data.resolve("sidecar.yaml");
    Files.writeString(
        configuration, "server:\n  reconnect: 50ms..200ms\ndata: " + data.toAbsolutePath() + "\n");
    return new ClockedSidecar(
        data,
        Sidecar.start(
            ConfigurationFile.read(configuration),
            "2.0.0",
            KeeperWorkforce::new,
            UnaryOperator.identity(),
            clock));
  }

  public String status() throws IOException {
    return StatusSocket.ask(data);
  }

  public static X509Certificate certificate(Path data) throws Exception {
    String pem = Files.readString(data.resolve("identity/credentials.pem"));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    pem.substring(pem.indexOf("-----BEGIN CERTIFICATE"))
                        .getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() {
    sidecar.close();
  }
}
