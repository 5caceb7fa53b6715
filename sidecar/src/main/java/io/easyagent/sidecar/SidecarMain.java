package io.easyagent.sidecar;

import io.easyagent.sidecar.Invocation.UsageException;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.ConfigurationFile;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.local.DataLock;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.service.ServiceHost;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.session.Channels;
import io.easyagent.sidecar.session.Enrolment;
import io.easyagent.sidecar.session.Enrolment.EnrolmentException;
import io.easyagent.sidecar.session.ServerAddress;
import io.easyagent.sidecar.upgrade.Installation;
import io.easyagent.sidecar.upgrade.TrialText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;

/** The program {@code easyagent-sidecar}. Exit status 0 done, 1 failed, 2 wrong usage. */
public final class SidecarMain {
  private static final int LONGEST_TOKEN = 4_096;
  private static final int REPLACEMENT_SECONDS = 60;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Whoever follows a log sees a line as late as this. */
  private static final Duration LOOK_FOR_MORE = Duration.ofMillis(200);

  /** At a server that is busy with other hosts, or so busy that it does not answer. */
  private static final int MOST_TRIES = 10;

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
      switch (Invocation.parse(arguments, SystemTime.clock().instant())) {
        case Invocation.Enroll enroll -> enroll(enroll);
        case Invocation.Run run -> run(configuration(run.config(), run.data()));
        case Invocation.ShowStatus status ->
            showStatus(configuration(status.config(), status.data()).data());
        case Invocation.Reset reset -> {
          LineHandler.install(err, Level.WARNING);
          new Reset(Invocation.dataOr(reset.data()).toAbsolutePath(), out).run(reset);
        }
        case Invocation.ReadDefinitions reload -> {
          Path data = configuration(reload.config(), reload.data()).data();
          return StatusSocket.reload(data, out::println) ? 0 : 1;
        }
        case Invocation.ShutDown shutDown -> {
          Path data = configuration(shutDown.config(), shutDown.data()).data();
          return StatusSocket.shutDown(data, out::println) ? 0 : 1;
        }
        case Invocation.TellAgent tell -> {
          Path data = configuration(tell.config(), tell.data()).data();
          return StatusSocket.order(data, tell.order(), tell.agent(), out::println) ? 0 : 1;
        }
        case Invocation.ShowLog log -> {
          Path data = configuration(log.config(), log.data()).data();
          new ShownLog(data, out, err, () -> pause(LOOK_FOR_MORE)).run(log);
        }
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

  /** A version on trial may be the very reason why no sidecar answers. */
  private void showStatus(Path data) throws IOException {
    try {
      out.print(StatusSocket.ask(data));
    } catch (IOException silent) {
      Installation.of(Path.of(System.getProperty("java.home", "/")))
          .flatMap(found -> TrialText.find(found, new Proc(), SystemTime.clock()))
          .ifPresent(trial -> out.println("trial    " + trial));
      throw silent;
    }
  }

  private void enroll(Invocation.Enroll enroll)
      throws IOException, IdentityException, EnrolmentException, InterruptedException {
    LineHandler.install(err, Level.WARNING);
    Path data = Invocation.dataOr(enroll.data());
    IdentityFolder folder = new IdentityFolder(data);
    if (enroll.replace()) {
      replace(enroll, data, folder);
      return;
    }
    if (folder.find().isEmpty() && DataLock.isHeld(data)) {
      // A sidecar runs without a server: it takes the identity up as it would another one.
      Identity identity = enrol(enroll, Optional.empty());
      folder.createReplacement(identity);
      out.println("enrolled: " + identity);
      handOver(data, folder);
      return;
    }
    try (DataLock lock = DataLock.acquire(data)) {
      folder.takeReplacement();
      Optional<Identity> known = folder.find();
      if (known.isPresent()) {
        throw new IdentityException(
            "enrolled already: "
                + known.get()
                + " (in "
                + data
                + "; to move to another server: enroll --replace)");
      }
      Identity identity = enrol(enroll, Optional.empty());
      folder.create(identity);
      out.println("enrolled: " + identity);
    }
  }

  /**
   * Agents run on, under the sidecar that runs or under none. The old identity stays until the new
   * one is on disk; whoever holds the lock of the data folder puts it in its place.
   */
  private void replace(Invocation.Enroll enroll, Path data, IdentityFolder folder)
      throws IOException, IdentityException, EnrolmentException, InterruptedException {
    Identity before =
        folder
            .find()
            .orElseThrow(() ->
                new IdentityException(
                    "this host is not enrolled: nothing to replace in "
                        + data
                        + " (expected: enroll without --replace)"));
    Identity identity = enrol(enroll, Optional.of(before));
    folder.createReplacement(identity);
    out.println(
        "enrolled: "
            + identity
            + (identity.hostId().equals(before.hostId())
                ? ", the same host with a new certificate"
                : ", in place of " + before));
    warnOfAddresses(enroll.server());
    handOver(data, folder);
  }

  /** Returns once the identity that waits is in use, or is where the next start finds it. */
  private void handOver(Path data, IdentityFolder folder)
      throws IOException, IdentityException, InterruptedException {
    for (int tries = 0; tries < REPLACEMENT_SECONDS && folder.hasReplacement(); tries++) {
      if (!DataLock.isHeld(data)) {
        try (DataLock lock = DataLock.acquire(data)) {
          folder.takeReplacement();
        }
        out.println("no sidecar runs here; the next start uses it");
        return;
      }
      pause(LOOK_AGAIN);
    }
    if (folder.hasReplacement()) {
      throw new IdentityException(
          "the running sidecar has not taken the new identity within "
              + REPLACEMENT_SECONDS
              + " s; it will at its next start");
    }
    out.println("the running sidecar uses it now; agents run on");
  }

  private void warnOfAddresses(ServerAddress server) {
    try {
      List<ServerAddress> configured =
          configuration(Optional.empty(), Optional.empty()).serverAddresses();
      if (!configured.isEmpty() && !configured.contains(server)) {
        err.println(
            "easyagent-sidecar: "
                + Configuration.USUAL_FILE
                + ": server.addresses: "
                + configured
                + " (expected: with "
                + server
                + "); the sidecar goes on dialling what is there");
      }
    } catch (ConfigurationException unreadable) {
      err.println("easyagent-sidecar: " + unreadable.getMessage());
    }
  }

  private Identity enrol(Invocation.Enroll enroll, Optional<Identity> replaced)
      throws IOException, EnrolmentException, InterruptedException {
    HostFacts metered = new Metrics().facts(version());
    HostFacts facts = enroll.name().map(metered::withHostName).orElse(metered);
    Enrolment enrolment =
        new Enrolment(
            Channels.USUAL,
            enroll.server(),
            enroll.fingerprint(),
            token(enroll.tokenFile()),
            facts,
            replaced);
    for (int tries = 1; ; tries++) {
      try {
        return enrolment.attempt();
      } catch (EnrolmentException refusal) {
        if (tries == MOST_TRIES || refusal.comeBackAfter().isEmpty() && !refusal.unanswered()) {
          throw refusal;
        }
        Duration wait = refusal.comeBackAfter().orElse(LOOK_AGAIN);
        err.printf(
            "easyagent-sidecar: %s; trying again in %.1f s%n",
            refusal.getMessage(), wait.toMillis() / 1e3);
        pause(wait);
      }
    }
  }

  private String token(Optional<Path> file) throws IOException {
    byte[] bytes;
    if (file.isPresent()) {
      try (InputStream stream = Files.newInputStream(file.get())) {
        bytes = stream.readNBytes(LONGEST_TOKEN + 1);
      } catch (NoSuchFileException missing) {
        throw new IOException(
            "--token-file: " + file.get() + " is not there (expected: a file, or -)", missing);
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
    RunningSidecar running =
        new RunningSidecar(
            () -> Sidecar.start(configuration, version(), workforces, UnaryOperator.identity()));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  String left = running.leftRunning();
                  service.stopping();
                  running.close();
                  service.status("ended; " + left);
                  // The log has its own shutdown hook and may be gone.
                  err.println("easyagent-sidecar ends; " + left);
                },
                "shutdown"));
    service.ready();
    IdentityFolder identity = new IdentityFolder(configuration.data());
    while (true) {
      try (ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("watchdog").daemon().factory())) {
        new Watchdog(service, SystemTime::nanoTime, running.watched()).start(timer);
        do {
          if (running.isToEnd()) {
            // The exit's shutdown hook closes it, as at every end.
            return;
          }
          pause(LOOK_AGAIN);
        } while (!identity.hasReplacement());
        timer.shutdownNow();
      }
      running.restart();
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    var unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Configuration configuration(Optional<Path> file, Optional<Path> data)
      throws ConfigurationException {
    Optional<Path> chosen =
        file.or(() -> Optional.of(Configuration.USUAL_FILE).filter(Files::exists));
    Configuration read =
        chosen.isPresent()
            ? ConfigurationFile.read(chosen.get())
            : Configuration.USUAL.of(Configuration.USUAL_FILE);
    return data.isPresent() ? read.withData(data.get()) : read;
  }

  static String version() {
    String version = SidecarMain.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
