package io.easyagent.sidecar.session;

import java.time.Duration;

/** Why a session is over. */
sealed interface SessionEnd {
  /** The server asked for it. */
  record ComeBack(Duration after, String reason) implements SessionEnd {}

  /** There is a new certificate: the session goes on with it. */
  record Renewed() implements SessionEnd {}

  /**
   * @param refused the server said no, so that trying again soon is of no use
   */
  record Broken(String reason, boolean refused) implements SessionEnd {}

  /** Who is the host is not decided; an operator's word can come at any time. */
  record Undecided(String reason) implements SessionEnd {}
}
