package io.easyagent.api;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One command to one host or agent.
 *
 * @param message how it ended, in one line
 * @param exitStatus of the command's process, where it exited
 * @param signal number that ended the command's process
 */
public record Operation(
    UUID id,
    UUID batchId,
    Command.Kind kind,
    UUID hostId,
    String hostName,
    Optional<UUID> agentId,
    Optional<String> agent,
    State state,
    Instant createdAt,
    Instant deadline,
    Optional<Instant> sentAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    String message,
    Optional<Integer> exitStatus,
    Optional<Integer> signal,
    Optional<Output> output) {
  public enum State {
    queued,
    sent,
    running,
    succeeded,
    failed,
    cancelled,
    expired,
    interrupted;

    /** Nothing leaves a finished state. */
    public boolean finished() {
      return switch (this) {
        case queued, sent, running -> false;
        case succeeded, failed, cancelled, expired, interrupted -> true;
      };
    }
  }

  /**
   * What was kept of standard output and error together. Control characters other than tab and
   * newline are replaced.
   *
   * @param truncated bytes between head and tail were dropped
   * @param note why there is nothing of it any more; absent while there is
   */
  public record Output(
      String head, String tail, long totalBytes, boolean truncated, Optional<String> note) {}
}
