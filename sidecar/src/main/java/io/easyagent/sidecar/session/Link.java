package io.easyagent.sidecar.session;

import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.session.SessionEnd.Broken;
import io.easyagent.sidecar.session.SessionEnd.ComeBack;
import io.easyagent.sidecar.session.SessionEnd.Renewed;
import io.easyagent.sidecar.session.SessionEnd.Undecided;
import io.grpc.ManagedChannel;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session with one of the servers, for as long as it is open: each try takes the next
 * address, beginning anew when others are announced, and waits longer after each failure.
 * Thread-safe.
 */
public final class Link implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Link.class.getName());

  private static final Duration STABLE = Duration.ofSeconds(30);

  private final Channels channels;
  private final ServerAddresses addresses;
  private final CurrentIdentity identity;
  private final String version;
  private final SessionWork work;
  private final Backoff usual;
  private final Clock clock;
  private final DoubleSupplier random;
  private final Wakeup closing = new Wakeup();
  private final Thread thread;
  private volatile LinkState state;
  private volatile boolean closed;
  private volatile @Nullable ManagedChannel channel;

  Link(
      Channels channels,
      ServerAddresses addresses,
      CurrentIdentity identity,
      String version,
      SessionWork work,
      Backoff usual,
      Clock clock,
      DoubleSupplier random) {
    this.channels = channels;
    this.addresses = addresses;
    this.identity = identity;
    this.version = version;
    this.work = work;
    this.usual = usual;
    this.clock = clock;
    this.random = random;
    this.state = new LinkState.Connecting(addresses.all().getFirst());
    this.thread = Thread.ofVirtual().name("link").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public LinkState state() {
    return state;
  }

  private void run() {
    int failures = 0;
    int next = 0;
    List<ServerAddress> known = addresses.all();
    while (!closed) {
      if (!known.equals(addresses.all())) {
        // Where the servers announced themselves comes first.
        known = addresses.all();
        next = 0;
      }
      ServerAddress address = known.get(next % known.size());
      next++;
      SessionEnd end = connect(address);
      boolean refused =
          end instanceof Undecided || end instanceof Broken broken && broken.refused();
      failures = wasStable() ? 1 : failures + 1;
      Duration delay =
          switch (end) {
            case ComeBack(Duration after, String reason) -> {
              // As it was asked for, and spread, because all hosts are asked at the same time.
              next--;
              yield after.plus(usual.delay(1, random));
            }
            case Renewed() -> {
              next--;
              yield usual.delay(1, random);
            }
            case Undecided undecided -> Backoff.UNDECIDED.delay(failures, random);
            case Broken broken -> (refused ? Backoff.REFUSED : usual).delay(failures, random);
          };
      String reason =
          switch (end) {
            case ComeBack comeBack -> "asked to come back: " + comeBack.reason();
            case Renewed() -> "this host's certificate is renewed";
            case Undecided undecided -> undecided.reason();
            case Broken broken -> broken.reason();
          };
      if (!closed) {
        log.warning(
            "no session with "
                + address
                + ": "
                + reason
                + "; next try in "
                + delay.toMillis()
                + " ms");
        state = new LinkState.Waiting(reason, refused, delay, clock.instant());
        pause(delay);
      }
    }
    state = new LinkState.Closed();
  }

  /** A session that breaks as soon as it is up is a failure like any other. */
  private boolean wasStable() {
    return state instanceof LinkState.Connected connected
        && connected.since().plus(STABLE).isBefore(clock.instant());
  }

  private SessionEnd connect(ServerAddress address) {
    state = new LinkState.Connecting(address);
    ManagedChannel opened;
    try {
      opened = channels.open(address, identity.tls(), version);
    } catch (GeneralSecurityException broken) {
      return new Broken("this host's identity cannot be used: " + broken.getMessage(), false);
    }
    channel = opened;
    try {
      return work.run(
          opened, address, () -> state = new LinkState.Connected(address, clock.instant()));
    } catch (InterruptedException over) {
      return new Broken("closed", false);
    } catch (RuntimeException defect) {
      log.log(Level.SEVERE, "a session ended by a defect", defect);
      return new Broken(defect.toString(), false);
    } finally {
      opened.shutdownNow();
      awaitEnd(opened);
    }
  }

  private static void awaitEnd(ManagedChannel channel) {
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration delay) {
    try {
      closing.await(delay);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the session and returns once nothing of it runs. */
  @Override
  public void close() {
    closed = true;
    closing.signal();
    ManagedChannel open = channel;
    if (open != null) {
      open.shutdownNow();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        // A channel may have been opened just before this one was told to close.
        if (!thread.join(Duration.ofMillis(100)) && channel != null) {
          ManagedChannel later = channel;
          if (later != null) {
            later.shutdownNow();
          }
        }
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
