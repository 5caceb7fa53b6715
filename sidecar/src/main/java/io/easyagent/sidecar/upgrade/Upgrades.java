package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.local.PrivateFile;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.PrepareException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What operations replace the sidecar with. Thread-safe; everything that is done twice is done
 * once.
 */
public final class Upgrades {
  /** How long a trial may take, in seconds; for tests, which do not wait for minutes. */
  public static final String WITHIN = "EASYAGENT_TRIAL_SECONDS";

  private static final Logger LOG = Logger.getLogger(Upgrades.class.getName());
  private static final Duration USUAL = Duration.ofMinutes(2);

  private final Optional<Parts> parts;

  /** Why there are no parts. */
  private final String obstacle;

  private record Parts(
      Installation installation,
      Distributions distributions,
      TrialFolder trials,
      Settings settings,
      Proc proc,
      Duration within,
      Consumer<String> ending) {}

  private Upgrades(Optional<Parts> parts, String obstacle) {
    this.parts = parts;
    this.obstacle = obstacle;
  }

  /**
   * @param within how long a trial may take
   * @param ending has the process end, soon, so that what keeps the sidecar running starts the next
   */
  public static Upgrades of(
      Installation.Found found,
      String architecture,
      Settings settings,
      Artifacts artifacts,
      Accounts accounts,
      Proc proc,
      Duration within,
      Consumer<String> ending) {
    return switch (found) {
      case Installation.Found.Installed(Installation installation) ->
          new Upgrades(
              Optional.of(
                  new Parts(
                      installation,
                      new Distributions(installation, architecture, artifacts, accounts, proc),
                      new TrialFolder(installation.trial()),
                      settings,
                      proc,
                      within,
                      ending)),
              "");
      case Installation.Found.Elsewhere(String reason) -> none(reason);
    };
  }

  /** Of a sidecar that cannot be replaced, for this reason. */
  public static Upgrades none(String reason) {
    return new Upgrades(Optional.empty(), reason);
  }

  /** How long a trial may take. */
  public static Duration within(Map<String, String> environment) {
    String seconds = environment.getOrDefault(WITHIN, "");
    return seconds.matches("[1-9][0-9]{0,3}") ? Duration.ofSeconds(Long.parseLong(seconds)) : USUAL;
  }

  private Parts require() throws PrepareException {
    return parts.orElseThrow(() -> new PrepareException(obstacle));
  }

  /**
   * @throws PrepareException when this sidecar cannot be replaced
   */
  public Distributions distributions() throws PrepareException {
    return require().distributions();
  }

  /** The version that this process runs from. */
  public String running() throws PrepareException {
    return require().installation().running();
  }

  /**
   * @throws PrepareException when another operation's trial is open
   */
  public void requireNoOtherTrial(UUID operation) throws PrepareException, IOException {
    Optional<Trial> open =
        require().trials().find().filter(trial -> !trial.operation().equals(operation));
    if (open.isPresent()) {
      throw new PrepareException(
          "a trial of operation "
              + open.get().operation()
              + " is open (expected: none; it ends within "
              + open.get().within().toSeconds()
              + " s)");
    }
  }

  /**
   * Puts a version on trial: the next start takes it. The process is to end then, see {@link #end}.
   */
  public void tryVersion(UUID operation, String version) throws PrepareException, IOException {
    Installation installation = require().installation();
    begin(operation, new Trial.What.Version(installation.running(), version));
    Path next = installation.top().resolve("current.new");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, Installation.target(version));
    Files.move(next, installation.current(), StandardCopyOption.ATOMIC_MOVE);
    PrivateFile.sync(installation.top());
  }

  /**
   * @throws PrepareException when this sidecar's settings cannot be tried
   */
  public Settings settings() throws PrepareException {
    return require().settings();
  }

  /** As {@link #tryVersion}, of the whole content of the settings. */
  public void trySettings(UUID operation, String content) throws PrepareException, IOException {
    Settings settings = require().settings();
    String digest = Settings.digest(content.getBytes(StandardCharsets.UTF_8));
    begin(operation, new Trial.What.Configuration(settings.usual(), settings.hasFormer(), digest));
    settings.replace(content);
  }

  private void begin(UUID operation, Trial.What what) throws PrepareException, IOException {
    Parts all = require();
    Duration uptime = all.proc().uptime();
    all.trials().begin(new Trial(operation, what, all.within(), all.proc().bootId(), uptime));
  }

  /** Has the process end, soon. */
  public void end(String why) throws PrepareException {
    require().ending().accept(why);
  }

  /** Whether the operation's trial is open. */
  public boolean isOnTrial(UUID operation) throws PrepareException, IOException {
    return require()
        .trials()
        .find()
        .filter(trial -> trial.operation().equals(operation))
        .isPresent();
  }

  /**
   * Why the operation's trial was rolled back.
   *
   * @param resumed the operation had come to its trial in an earlier life of the sidecar, which is
   *     one that is tried no more
   */
  public Optional<String> rolledBack(UUID operation, boolean resumed)
      throws PrepareException, IOException {
    TrialFolder trials = require().trials();
    Optional<String> reason = trials.rolledBack(operation);
    return reason.isPresent() || !resumed || !trials.isDecided(operation)
        ? reason
        : Optional.of(trials.reason());
  }

  /**
   * For a version that has passed: its keys hold from now on, and older versions go. What of that
   * cannot be done is said in the log: the version runs all the same.
   */
  public void settle(String from, String to) throws PrepareException {
    Installation installation = require().installation();
    try {
      ReleaseKeys.take(installation, installation.version(to));
    } catch (ConfigurationException | IOException unusable) {
      LOG.log(Level.SEVERE, "the keys of earlier releases still hold: {0}", unusable.getMessage());
    }
    distributions().removeBut(Set.of(from, to));
  }

  /** Removes what is left of an operation's trial; nothing where there can be none. */
  public void forget(UUID operation) throws IOException {
    if (parts.isPresent()) {
      parts.get().trials().settle(operation);
    }
  }
}
