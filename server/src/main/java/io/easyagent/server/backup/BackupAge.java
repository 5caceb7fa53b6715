package io.easyagent.server.backup;

import io.easyagent.definition.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How old the last backup of a data folder is, and whether that is too old. */
public final class BackupAge {
  private final Path data;
  private final Instant begun;
  private final Duration tooOld;
  private final InstantSource clock;

  /**
   * @param begun when there was nothing to be kept yet
   */
  public BackupAge(Path data, Instant begun, Duration tooOld, InstantSource clock) {
    this.data = data;
    this.begun = begun;
    this.tooOld = tooOld;
    this.clock = clock;
  }

  /** Since the last backup; without any, since the server began. */
  public Duration age() {
    Instant last = LastBackup.find(data).map(LastBackup::at).orElse(begun);
    Duration age = Duration.between(last, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** What to tell an operator about it; empty when there is nothing to tell. */
  public Optional<String> warning() {
    Duration age = age();
    if (age.compareTo(tooOld) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "no backup for %s (expected: one every %s; easyagent server backup FILE)"
            .formatted(
                DurationText.format(age.truncatedTo(ChronoUnit.HOURS)),
                DurationText.format(tooOld)));
  }
}
