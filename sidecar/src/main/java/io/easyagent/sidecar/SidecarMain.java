package io.easyagent.sidecar;

import io.easyagent.sidecar.Invocation.UsageException;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.ConfigurationFile;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.local.DataLock;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.service.ServiceHost;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.session.Enrolment;
import io.easyagent.sidecar.session.Enrolment.EnrolmentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.logging.Level;

/** The program {@code easyagent-sidecar}. Exit status 0 done, 1 failed, 2 wrong usage. */
public final class SidecarMain {
  private static final int LONGEST_TOKEN = 4_096;

  private final PrintStream out;
  private final PrintStream err;
  private final InputStream in;
  private final Workforce.Factory workforces;

  SidecarMain(PrintStream out, PrintStream err, InputStream in, Workforce.Factory workforces) {
    this.out = out;
    this.err = err;
    this.in = in;
    this.workforces = workforces;
  }

  public static void main(String[] arguments) {
    int status =
        new SidecarMain(System.out, System.err, System.in, KeeperWorkforce::new)
            .run(List.of(arguments));
    System.exit(status);
  }

  int run(List<String> arguments) {
    try {
      switch (Invocation.parse(arguments)) {
        case Invocation.Enroll enroll -> enroll(enroll);
        case Invocation.Run run -> run(configuration(run.config(), run.data()));
        case Invocation.ShowStatus status ->
            out.print(StatusSocket.ask(configuration(status.config(), status.data()).data()));
        case Invocation.ShowVersion() -> out.println("easyagent-sidecar " + version());
        case Invocation.ShowHelp() -> out.print(Invocation.USAGE);
      }
      return 0;
    } catch (UsageException wrong) {
      err.println("easyagent-sidecar: " + wrong.getMessage());
      err.print(Invocation.USAGE);
      return 2;
    } catch (ConfigurationException
        | IdentityException
        | EnrolmentException
        | IOException failure) {
      err.println("easyagent-sidecar: " + failure.getMessage());
      return 1;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private void enroll(Invocation.Enroll enroll)
      throws IOException, IdentityException, EnrolmentException {
    LineHandler.install(err, Level.WARNING);
    Path data = Invocation.dataOr(enroll.data());
    try (DataLock lock = DataLock.acquire(data)) {
      IdentityFolder folder = new IdentityFolder(data);
      Optional<Identity> known = folder.find();
      if (known.isPresent()) {
        throw new IdentityException("enrolled already: " + known.get() + " (in " + data + ")");
      }
      Identity identity =
          Enrolment.enrol(
              enroll.server(),
              enroll.fingerprint(),
              token(enroll.tokenFile()),
              new Metrics().facts(version()));
      folder.create(identity);
      out.println("enrolled: " + identity);
    }
  }

  private String token(Optional<Path> file) throws IOException {
    byte[] bytes;
    if (file.isPresent()) {
      try (InputStream stream = Files.newInputStream(file.get())) {
        bytes = stream.readNBytes(LONGEST_TOKEN + 1);
      }
    } else {
      bytes = in.readNBytes(LONGEST_TOKEN + 1);
    }
    String place = file.map(Path::toString).orElse("standard input");
    String token = new String(bytes, StandardCharsets.UTF_8).strip();
    if (token.isEmpty() || bytes.length > LONGEST_TOKEN) {
      throw new IOException(
          place + ": " + bytes.length + " bytes (expected: a token of at most 4096 bytes)");
    }
    return token;
  }

  private void run(Configuration configuration)
      throws IOException, IdentityException, InterruptedException {
    LineHandler.install(err, configuration.logLevel());
    ServiceHost service = ServiceHost.of(System.getenv());
    Sidecar sidecar = Sidecar.start(configuration, version(), workforces, UnaryOperator.identity());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  service.stopping();
                  sidecar.close();
                  service.status("ended; agents are left running");
                  // The log has its own shutdown hook and may be gone.
                  err.println("easyagent-sidecar ends; agents are left running");
                },
                "shutdown"));
    service.ready();
    new Watchdog(service, SystemTime::nanoTime, sidecar.watched())
        .start(
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("watchdog").daemon().factory()));
    new CountDownLatch(1).await();
  }

  private static Configuration configuration(Optional<Path> file, Optional<Path> data)
      throws ConfigurationException {
    Optional<Path> chosen =
        file.or(() -> Optional.of(Configuration.USUAL_FILE).filter(Files::exists));
    Configuration read =
        chosen.isPresent() ? ConfigurationFile.read(chosen.get()) : Configuration.USUAL;
    return data.isPresent() ? read.withData(data.get()) : read;
  }

  static String version() {
    String version = SidecarMain.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
