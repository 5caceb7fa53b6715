package io.easyagent.server.session;

import io.easyagent.server.fleet.SessionStore.SessionRow;
import java.util.Optional;

/**
 * Which nonce opens a session. The one handed out last does. The one that opened the last session
 * does too, as long as that session has no inventory: the answer that carried the new nonce may
 * have been lost, and a host journals the nonce before it sends its inventory. Any other belongs to
 * a copy of the host. Before the first session any nonce does, and so it does in the first session
 * after a restore of the store: what the host was given since the backup is not known here.
 */
final class NonceRule {
  private NonceRule() {}

  /**
   * @param generation of the store
   */
  static boolean opens(SessionRow last, String nonce, String generation) {
    return last.nonce().isEmpty()
        || !last.generation().equals(generation)
        || last.nonce().equals(Optional.of(nonce))
        || repeats(last, nonce);
  }

  /**
   * What the session that is opened hands out. As long as no inventory has come, the same nonce
   * gets the same answer: of several calls that were given up or overtook each other, the host may
   * have the answer to any.
   *
   * @param presented opens the session
   * @param fresh never handed out before
   */
  static String handOut(SessionRow last, String presented, String generation, String fresh) {
    return last.generation().equals(generation) && repeats(last, presented)
        ? last.nonce().orElse(fresh)
        : fresh;
  }

  private static boolean repeats(SessionRow last, String nonce) {
    return last.inventoryEpoch() < last.epoch() && last.presented().equals(Optional.of(nonce));
  }
}
