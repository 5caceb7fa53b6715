package io.easyagent.simulator;

import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.session.Channels;
import io.easyagent.sidecar.session.Enrolment;
import io.easyagent.sidecar.session.Enrolment.EnrolmentException;
import io.easyagent.sidecar.session.ServerAddress;
import io.easyagent.simulator.host.HostNumber;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Gives hosts their identities: those that are on disk, or new ones from the server. */
final class Enrolling {
  private static final int MOST_TOKEN_BYTES = 1 << 20;
  private static final int TRIES = 12;
  private static final long FIRST_WAIT_MILLIS = 500;
  private static final long LONGEST_WAIT_MILLIS = 15_000;

  private final ServerAddress server;
  private final Optional<Invocation.Enrolment> enrolment;
  private final List<String> tokens;
  private final DoubleSupplier random;

  private Enrolling(
      ServerAddress server,
      Optional<Invocation.Enrolment> enrolment,
      List<String> tokens,
      DoubleSupplier random) {
    this.server = server;
    this.enrolment = enrolment;
    this.tokens = tokens;
    this.random = random;
  }

  static Enrolling of(Invocation invocation, DoubleSupplier random) throws IOException {
    List<String> tokens = List.of();
    if (invocation.enrolment().isPresent()) {
      Path file = invocation.enrolment().get().tokenFile();
      if (Files.size(file) > MOST_TOKEN_BYTES) {
        throw new IOException(file + ": too long (expected: enrolment tokens, one a line)");
      }
      tokens =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (tokens.isEmpty()) {
        throw new IOException(file + ": empty (expected: enrolment tokens, one a line)");
      }
    }
    return new Enrolling(invocation.server(), invocation.enrolment(), tokens, random);
  }

  /** What a host's identity is, and whether it is new. */
  record Enrolled(Identity identity, boolean isNew) {}

  /**
   * The identity of the folder, else a new one, which is on disk when this returns. A server that
   * is not there is asked again, each time later; one that is busy, when it says.
   */
  Enrolled identity(HostNumber number, Path data, HostFacts facts, Channels channels)
      throws IdentityException, EnrolmentException, InterruptedException {
    IdentityFolder folder = new IdentityFolder(data);
    Optional<Identity> known = folder.find();
    if (known.isPresent()) {
      return new Enrolled(known.get(), false);
    }
    String fingerprint =
        enrolment
            .map(Invocation.Enrolment::fingerprint)
            .orElseThrow(() ->
                new IdentityException(
                    number.name() + " is not enrolled (expected: --fingerprint, --token-file)"));
    String token = tokens.get(number.value() % tokens.size());
    Enrolment attempts =
        new Enrolment(channels, server, fingerprint, token, facts, Optional.empty());
    for (int tries = 1; ; tries++) {
      try {
        Identity identity = attempts.attempt();
        folder.create(identity);
        return new Enrolled(identity, true);
      } catch (EnrolmentException refused) {
        if (tries == TRIES || !mayChange(refused)) {
          throw refused;
        }
        long bound = Math.min(FIRST_WAIT_MILLIS << tries, LONGEST_WAIT_MILLIS);
        pause(
            refused
                .comeBackAfter()
                .orElseGet(() -> Duration.ofMillis(Math.round(bound * random.getAsDouble()))));
      }
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    var unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean mayChange(EnrolmentException refused) {
    return switch (refused.getCause()) {
      case StatusRuntimeException status -> {
        Status.Code code = status.getStatus().getCode();
        yield code == Status.Code.UNAVAILABLE
            || code == Status.Code.RESOURCE_EXHAUSTED
            || code == Status.Code.DEADLINE_EXCEEDED;
      }
      case CertificateException notTheServer -> false;
      case IOException unreachable -> true;
      case null, default -> false;
    };
  }
}
