package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs work in lanes: one after another for each agent, at most {@link #HOST_AT_ONCE} at once for
 * the host; lanes do not wait for each other. Work that throws keeps its place for ever.
 * Thread-safe.
 */
final class Lanes {
  private static final Logger LOG = Logger.getLogger(Lanes.class.getName());

  /** How many operations of one agent may wait. */
  static final int MOST_WAITING = 64;

  /** How many operations of the host run at once. */
  static final int HOST_AT_ONCE = 4;

  private final Executor executor;
  private final Map<Optional<AgentId>, Lane> lanes = new HashMap<>();

  /**
   * @param executor a new thread for each task; when it refuses one, nothing runs any more
   */
  Lanes(Executor executor) {
    this.executor = executor;
  }

  private static final class Lane {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;
  }

  synchronized boolean hasRoom(Optional<AgentId> key) {
    Lane lane = lanes.get(key);
    return lane == null || lane.waiting.size() < MOST_WAITING;
  }

  /** Takes its place at the end of the lane, also when the lane is full. */
  synchronized void add(Optional<AgentId> key, Runnable work) {
    Lane lane = lanes.computeIfAbsent(key, absent -> new Lane());
    lane.waiting.add(work);
    runNext(key, lane);
  }

  /** What will not run any more makes room. */
  synchronized void remove(Optional<AgentId> key, Runnable work) {
    Lane lane = lanes.get(key);
    if (lane != null) {
      lane.waiting.remove(work);
    }
  }

  private void runNext(Optional<AgentId> key, Lane lane) {
    int atOnce = key.isPresent() ? 1 : HOST_AT_ONCE;
    while (lane.running < atOnce && !lane.waiting.isEmpty()) {
      Runnable work = lane.waiting.remove();
      lane.running++;
      try {
        executor.execute(() -> runOne(key, lane, work));
      } catch (RejectedExecutionException shutDown) {
        lane.running--;
        lane.waiting.clear();
      }
    }
  }

  private void runOne(Optional<AgentId> key, Lane lane, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error fault) {
      // Its end is not on disk: what comes after it must not run before the next start.
      LOG.log(
          Level.SEVERE,
          fault,
          () ->
              "a place in the lane of "
                  + key.map(agent -> "agent " + agent).orElse("the host")
                  + " is halted until the next start");
      return;
    }
    ended(key, lane);
  }

  private synchronized void ended(Optional<AgentId> key, Lane lane) {
    lane.running--;
    runNext(key, lane);
    if (lane.running == 0 && lane.waiting.isEmpty()) {
      lanes.remove(key, lane);
    }
  }
}
