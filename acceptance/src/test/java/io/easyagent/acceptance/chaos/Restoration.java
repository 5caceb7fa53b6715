package io.easyagent.acceptance.chaos;

import java.time.Duration;

/**
 * The server went back to what it was at some moment of a backup.
 *
 * @param backupBegun before the backup's moment
 * @param backupDone after it
 * @param begun when the server of before was killed
 * @param done when the restored one answered
 */
record Restoration(Duration backupBegun, Duration backupDone, Duration begun, Duration done) {
  /** It is not over yet. */
  static final Duration UNDER_WAY = Duration.ofDays(1);
}
