package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.linux.Proc;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What people are told of a trial that is open, in one line. */
public final class TrialText {
  private TrialText() {}

  /**
   * Empty where no trial is open, and for who may not know: the folder is its owner's. One that
   * cannot be read is told as that.
   *
   * @param proc whose time since boot the trial counts on
   * @param clock that people read; nothing is decided by it
   */
  public static Optional<String> find(Installation installation, Proc proc, Clock clock) {
    TrialFolder trials = new TrialFolder(installation.trial());
    try {
      Optional<Trial> open = trials.find();
      return open.isEmpty()
          ? Optional.empty()
          : Optional.of(text(open.get(), trials, proc, clock.instant()));
    } catch (AccessDeniedException another) {
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of("not known: " + unreadable);
    }
  }

  private static String text(Trial trial, TrialFolder trials, Proc proc, Instant now)
      throws IOException {
    Duration left = trials.left(trial, proc.bootId(), proc.uptime());
    Instant until = now.plus(left).truncatedTo(ChronoUnit.SECONDS);
    String what = what(trial.what());
    String back = back(trial.what());
    if (trials.isDecided(trial.operation())) {
      return what + " has failed (" + trials.reason() + "); the next start " + back;
    }
    if (!left.isPositive()) {
      return what + " was not confirmed by " + until + "; the next start " + back;
    }
    return what
        + " since "
        + until.minus(trial.within())
        + ", to be confirmed by "
        + until
        + " (in "
        + left.toSeconds()
        + " s); otherwise the sidecar "
        + back;
  }

  private static String what(Trial.What what) {
    return switch (what) {
      case Trial.What.Version(String _, String to) -> "version " + to;
      case Trial.What.Configuration(Path file, boolean _, String _) -> "settings in " + file;
    };
  }

  private static String back(Trial.What what) {
    return switch (what) {
      case Trial.What.Version(String from, String _) -> "goes back to version " + from;
      case Trial.What.Configuration(Path file, boolean hadFormer, String _) ->
          hadFormer
              ? "goes back to those in " + TrialFolder.before(file)
              : "goes back to the defaults, without the file";
    };
  }
}
