package io.easyagent.server.retention;

import io.easyagent.server.store.Transaction;

/** A part of the store that is bounded. What it may not forget, it does not plan to. */
public interface Forgetting {
  /** In the plural, for people: {@code events}. */
  String what();

  /**
   * What is to go as things are now. Only looks; it may look at much, for it holds up no writer.
   * Where there is more to go than one plan holds, the next one has it.
   */
  Plan plan(Transaction reading);

  /**
   * What is to go, in steps. Used for one round and dropped; a later plan makes good a lost one.
   */
  @FunctionalInterface
  interface Plan {
    Plan NOTHING = (writing, most) -> 0;

    /**
     * Makes one step: short, whole in itself, and right whatever was written since the plan.
     *
     * @param most rows that it may touch
     * @return how many it did; 0 when there is nothing left to do
     */
    int forget(Transaction writing, int most);
  }
}
