package io.easyagent.server.session;

import io.easyagent.server.fleet.SessionStore.SessionRow;
import java.util.Optional;

/**
 * Which nonce opens a session. The one handed out last does; the one that opened the last session
 * does too, until the new one is used, because the answer that carried it may have been lost. Any
 * other belongs to a copy of the host. Before the first session, and once an operator has approved
 * the host, any does.
 */
final class NonceRule {
  private NonceRule() {}

  static boolean opens(SessionRow last, String nonce) {
    return last.nonce().isEmpty()
        || last.nonce().equals(Optional.of(nonce))
        || last.presented().equals(Optional.of(nonce));
  }
}
