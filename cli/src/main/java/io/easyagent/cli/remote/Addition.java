package io.easyagent.cli.remote;

import java.util.Optional;
import java.util.UUID;

/**
 * What became of one machine.
 *
 * @param target as it was given
 * @param hostId its identity; absent when it failed, or was a host already
 * @param message what happened, or why it failed
 * @param next what to do about it
 */
record Addition(
    String target, Result result, Optional<UUID> hostId, String message, Optional<String> next) {
  enum Result {
    online,
    /** It runs there, and was not seen in time. */
    installed,
    failed
  }
}
