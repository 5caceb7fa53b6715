package io.easyagent.server.retention;

import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.retention.Forgetting.Plan;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Writer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store bounded: every few minutes a round through all that is bounded.
 *
 * <ul>
 *   <li>Looking happens on a reader. Writing happens in steps of some milliseconds, each one work
 *       of the writer among the others.
 *   <li>After each step comes a pause as long as the step: others have the writer at least half of
 *       the time.
 *   <li>A server that is stopped or killed in the midst of a round has forgotten a part; the next
 *       round goes on.
 *   <li>A part that fails is logged and does not keep the others from their round.
 * </ul>
 */
public final class Retention implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

  /** Of one part in one round: the other parts have their turn. */
  private static final int MOST_PLANS = 100;

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(2);

  private final List<Forgetting> parts;
  private final Reader reader;
  private final Writer writer;
  private final LongSupplier nanoTime;
  private final StepSize size = new StepSize();
  private final Map<String, LongAdder> forgotten = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final Thread thread;
  private boolean closed;

  /**
   * @param nanoTime monotonic
   */
  public Retention(List<Forgetting> parts, Reader reader, Writer writer, LongSupplier nanoTime) {
    this.parts = List.copyOf(parts);
    this.reader = reader;
    this.writer = writer;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofVirtual().name("retention").unstarted(this::loop);
  }

  /** Begins with the rounds. */
  public void start() {
    thread.start();
  }

  private void loop() {
    while (pause(EVERY)) {
      round();
    }
  }

  /**
   * Forgets all that is to go now; for one thread at a time. Waits for the store.
   *
   * @return how many rows of each part were touched; those without any are absent
   */
  public Map<String, Long> round() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Forgetting part : parts) {
      if (isClosed()) {
        break;
      }
      try {
        long rows = forget(part);
        if (rows > 0) {
          all.put(part.what(), rows);
        }
      } catch (RefusedException refused) {
        log.warn("{} that are to go are still there: {}", part.what(), refused.getMessage());
      } catch (RuntimeException failure) {
        log.error("{} that are to go are still there", part.what(), failure);
      }
    }
    if (!all.isEmpty()) {
      log.debug("forgotten rows={}", all);
    }
    return all;
  }

  /** How many rows were touched since the server began, of each part by what it is. */
  public Map<String, LongSupplier> forgotten() {
    Map<String, LongSupplier> counts = new LinkedHashMap<>();
    parts.forEach(part -> counts.put(part.what(), counter(part.what())::sum));
    return counts;
  }

  private long forget(Forgetting part) {
    long rows = 0;
    for (int plans = 0; plans < MOST_PLANS; plans++) {
      long planned = carryOut(reader.read(part::plan), counter(part.what()));
      if (planned == 0) {
        break;
      }
      rows += planned;
    }
    return rows;
  }

  private long carryOut(Plan plan, LongAdder counter) {
    if (plan == Plan.NOTHING) {
      return 0;
    }
    long rows = 0;
    while (true) {
      int most = size.rows();
      Step step =
          writer.write(transaction -> {
            long begun = nanoTime.getAsLong();
            int touched = plan.forget(transaction, most);
            return new Step(touched, Duration.ofNanos(nanoTime.getAsLong() - begun));
          });
      if (step.rows() == 0) {
        return rows;
      }
      rows += step.rows();
      counter.add(step.rows());
      size.took(step.time());
      if (!pause(step.time())) {
        return 0;
      }
    }
  }

  private record Step(int rows, Duration time) {}

  private LongAdder counter(String what) {
    return forgotten.computeIfAbsent(what, _ -> new LongAdder());
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether to go on. */
  private boolean pause(Duration time) {
    lock.lock();
    try {
      long left = Math.max(time.toNanos(), SHORTEST_PAUSE.toNanos());
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Lets the step that runs end, and makes no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
