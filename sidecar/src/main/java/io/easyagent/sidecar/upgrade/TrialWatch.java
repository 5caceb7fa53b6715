package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.linux.Proc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Judges what is on trial in this very process: confirmed once a session has stood for a moment,
 * with the agents adopted and the inventory accepted; past its time it is given up and the process
 * ends, so that the guard goes back.
 */
public final class TrialWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TrialWatch.class.getName());
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Looks in a row that must see the same session. */
  private static final int STEADY = 3;

  /**
   * What is seen of the server.
   *
   * @param open the number of the session that is open; its inventory is accepted
   * @param text one line, for the reason
   */
  public record Sessions(Supplier<OptionalLong> open, Supplier<String> text) {}

  private final TrialFolder trials;
  private final Proc proc;
  private final Sessions sessions;
  private final Consumer<String> ending;
  private final ScheduledExecutorService timer;
  private OptionalLong seen = OptionalLong.empty();
  private int looks;
  private boolean over;

  /**
   * @param ending has the process end
   * @param timer of its own, closed with this
   */
  private TrialWatch(
      Installation installation,
      Proc proc,
      Sessions sessions,
      Consumer<String> ending,
      ScheduledExecutorService timer) {
    this.trials = new TrialFolder(installation.trial());
    this.proc = proc;
    this.sessions = sessions;
    this.ending = ending;
    this.timer = timer;
  }

  /**
   * Begins to look, when this process is what is on trial.
   *
   * @param make makes the timer, only then
   */
  public static Optional<TrialWatch> begin(
      Installation.Found found,
      Proc proc,
      Sessions sessions,
      Consumer<String> ending,
      Supplier<ScheduledExecutorService> make)
      throws IOException {
    if (!(found instanceof Installation.Found.Installed(Installation installation))) {
      return Optional.empty();
    }
    Optional<Trial> open = new TrialFolder(installation.trial()).find();
    if (open.isEmpty() || !isInForce(open.get(), installation)) {
      return Optional.empty();
    }
    TrialWatch watch = new TrialWatch(installation, proc, sessions, ending, make.get());
    watch.start();
    return Optional.of(watch);
  }

  /** The usual one. */
  public static ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("trial").daemon().factory());
  }

  private void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::lookSafely, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A look that fails is one that saw nothing: the next may, and the guard has its own clock. */
  private void lookSafely() {
    try {
      look();
    } catch (IOException | RuntimeException failed) {
      LOG.log(Level.WARNING, "the trial cannot be judged: {0}", failed.toString());
    }
  }

  synchronized void look() throws IOException {
    if (over) {
      return;
    }
    Optional<Trial> open = trials.find();
    if (open.isEmpty()) {
      return;
    }
    Trial trial = open.get();
    if (stands(sessions.open().get())) {
      over = true;
      trials.confirm(trial);
      LOG.log(Level.INFO, "the trial of operation {0} has passed", trial.operation());
    } else if (!trials.left(trial, proc.bootId(), proc.uptime()).isPositive()) {
      over = true;
      String reason =
          "it did not connect within "
              + trial.within().toSeconds()
              + " s ("
              + sessions.text().get()
              + ")";
      try {
        trials.giveUp(reason);
      } finally {
        ending.accept(reason);
      }
    }
  }

  private boolean stands(OptionalLong session) {
    looks = session.isPresent() && session.equals(seen) ? looks + 1 : 1;
    seen = session;
    return session.isPresent() && looks >= STEADY;
  }

  /** Between the opening of a trial and the switch, what runs is what was there before. */
  private static boolean isInForce(Trial trial, Installation installation) throws IOException {
    return switch (trial.what()) {
      case Trial.What.Version(String from, String to) -> to.equals(installation.running());
      case Trial.What.Configuration(Path file, boolean hadFormer, String digest) ->
          Settings.holds(file, digest);
    };
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
