package io.easyagent.server.retention;

import io.easyagent.server.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

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

    /**
     * All of these, some in each step. Where a step finds that none of its own is to go any more,
     * it goes on to the next ones: that is no reason to stop.
     */
    static <T> Plan of(Collection<T> going, Removal<T> removal) {
      if (going.isEmpty()) {
        return NOTHING;
      }
      Deque<T> left = new ArrayDeque<>(going);
      return (writing, most) -> {
        int removed = 0;
        while (removed == 0 && !left.isEmpty()) {
          List<T> next = new ArrayList<>();
          while (next.size() < most && !left.isEmpty()) {
            next.add(left.remove());
          }
          removed = removal.remove(writing, next);
        }
        return removed;
      };
    }
  }

  /** Removes some, but for those that are in use again. */
  @FunctionalInterface
  interface Removal<T> {
    /**
     * @return how many rows it touched
     */
    int remove(Transaction writing, List<T> some);
  }
}
