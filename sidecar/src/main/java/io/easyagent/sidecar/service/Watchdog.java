package io.easyagent.sidecar.service;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells the service host that the sidecar is alive, for as long as all of its parts answer: not
 * that a timer ticks, but that work which is given to a part gets done. A part may be busy for a
 * while; one that has not answered for {@link #PATIENCE} hangs, and then nothing is told any more,
 * so that the service host restarts the sidecar. Agents live through that.
 */
public final class Watchdog {
  /** Longer than anything that a part does in one piece, on a slow disk too. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Logger LOG = Logger.getLogger(Watchdog.class.getName());

  /** A part that works on what it is given. */
  public interface Part {
    String name();

    /**
     * Gets this run as the part's own work gets done; returns at once. An exception is an answer: a
     * part that refuses work does not hang.
     */
    void answer(Runnable answered);

    static Part of(String name, Consumer<Runnable> work) {
      return new Part() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public void answer(Runnable answered) {
          work.accept(answered);
        }
      };
    }
  }

  private final ServiceHost host;
  private final List<Question> questions;

  /**
   * @param nanoTime monotonic
   */
  public Watchdog(ServiceHost host, LongSupplier nanoTime, List<Part> parts) {
    this.host = host;
    this.questions = parts.stream().map(part -> new Question(part, nanoTime)).toList();
  }

  /**
   * Begins to ask, three times within what the service host allows; not at all when nobody looks.
   *
   * @param scheduler a thread of its own: nothing else may keep it
   */
  public void start(ScheduledExecutorService scheduler) {
    host.aliveWithin()
        .ifPresent(within -> {
          long interval = Math.max(within.toNanos() / 3, TimeUnit.MILLISECONDS.toNanos(1));
          var unused = scheduler.scheduleAtFixedRate(this::beat, 0, interval, TimeUnit.NANOSECONDS);
        });
  }

  private void beat() {
    boolean alive = true;
    for (Question question : questions) {
      alive &= question.answeredInTime();
    }
    if (alive) {
      host.alive();
    }
  }

  /** What one part was asked last. */
  private static final class Question {
    private final Part part;
    private final LongSupplier nanoTime;
    private AtomicBoolean answered = new AtomicBoolean(true);
    private long askedAt;
    private boolean said;

    Question(Part part, LongSupplier nanoTime) {
      this.part = part;
      this.nanoTime = nanoTime;
    }

    boolean answeredInTime() {
      long now = nanoTime.getAsLong();
      if (answered.get()) {
        ask(now);
        return true;
      }
      Duration waiting = Duration.ofNanos(now - askedAt);
      if (waiting.compareTo(PATIENCE) < 0) {
        return true;
      }
      if (!said) {
        said = true;
        LOG.log(
            Level.SEVERE,
            "{0}: no answer for {1} s; the sidecar hangs and is to be restarted",
            new Object[] {part.name(), waiting.toSeconds()});
      }
      return false;
    }

    private void ask(long now) {
      AtomicBoolean asked = new AtomicBoolean();
      answered = asked;
      askedAt = now;
      said = false;
      try {
        part.answer(() -> asked.set(true));
      } catch (RuntimeException refused) {
        asked.set(true);
      }
    }
  }
}
