package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.Layout.Live;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One agent's log under a {@link LogKeeper}: looked at again and again, and rotated when it is
 * time. Thread-safe.
 */
public final class KeptOutput implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(KeptOutput.class.getName());

  /** From here on a new file is begun at the agent's next start: ext4 ends at 16 TiB. */
  static final long LONG_FILE = 1L << 40;

  /** Two looks that are a second apart may be a little less than that. */
  private static final Duration MARKS_APART = Duration.ofMillis(900);

  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private final AgentLog log;
  private final LogTimes times;
  private final LogNotes notes;
  private final ScheduledExecutorService looks;
  private final ExecutorService rotations;
  private final ExecutorService marks;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Runnable changed;
  private final Set<KeptOutput> open;
  private final ReentrantLock tending = new ReentrantLock();
  private volatile LogRule rule;
  private volatile List<String> conditions = List.of();
  private volatile boolean closed;

  // Of the looks: each is over before the next one is planned.
  private Optional<Known> known = Optional.empty();
  private Live lastSeen = Live.NONE;
  private long lastLook;
  private Optional<Layout> lastTended = Optional.empty();
  private Optional<Marked> lastMarked = Optional.empty();

  private final AtomicBoolean marking = new AtomicBoolean();

  /** When it was last noted how far the log has grown, and of which one. */
  private record Marked(LogState state, long size, long at) {}

  /** How things stood when last something was done. */
  private record Known(Layout layout, LogRule rule) {}

  KeptOutput(
      AgentLog log,
      LogTimes times,
      String agent,
      LogRule rule,
      ScheduledExecutorService looks,
      ExecutorService rotations,
      ExecutorService marks,
      InstantSource clock,
      LongSupplier nanoTime,
      Runnable changed,
      Set<KeptOutput> open) {
    this.log = log;
    this.times = times;
    this.notes = new LogNotes(agent, nanoTime);
    this.rule = rule;
    this.looks = looks;
    this.rotations = rotations;
    this.marks = marks;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.changed = changed;
    this.open = open;
    this.lastLook = nanoTime.getAsLong();
  }

  /** Holds from the next look on. */
  public void rule(LogRule next) {
    rule = next;
  }

  /** What an operator should know, one line each. */
  public List<String> conditions() {
    return conditions;
  }

  /**
   * To be called while nothing of the agent runs and before it is started: begins a new file when
   * the one at hand has become so long that file systems may not take more.
   */
  public void beforeLaunch() {
    publish(notes::begunAnew);
    // One that is being rotated waits for the start after this one.
    if (!tending.tryLock()) {
      return;
    }
    try {
      if (!closed && log.files().findLive().size() >= LONG_FILE) {
        log.renew();
      }
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING,
          "{0} is not begun anew: {1}",
          new Object[] {log.files().live(), reason(failure)});
    } finally {
      tending.unlock();
    }
  }

  /** Looks for the first time, and takes up what an earlier life of the sidecar has left. Once. */
  public void begin() {
    open.add(this);
    schedule(0);
  }

  private void schedule(long delay) {
    try {
      var unused = looks.schedule(this::look, delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ending) {
      // The next life of the sidecar looks again.
      return;
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    LogRule current = rule;
    try {
      Live live = log.files().findLive();
      mark(live);
      if (isDue(live, current)) {
        rotations.execute(() -> tend(current));
      } else {
        scheduleNext(live, current);
      }
    } catch (IOException failure) {
      failed(failure);
    } catch (RejectedExecutionException ending) {
      // The next life of the sidecar looks again.
      return;
    } catch (RuntimeException fault) {
      failed(fault);
    }
  }

  /** Notes when the log has grown how far; what was truncated or replaced is to be tended first. */
  private void mark(Live live) {
    if (lastTended.isEmpty() || marking.get()) {
      return;
    }
    Layout layout = lastTended.get();
    LogState state = layout.state();
    long now = nanoTime.getAsLong();
    boolean same = live.inode() == state.inode() && live.size() >= lastSeen.size();
    boolean grown =
        lastMarked
            .filter(last -> last.state().equals(state) && last.size() == live.size())
            .isEmpty();
    boolean apart = lastMarked.filter(last -> now - last.at() < MARKS_APART.toNanos()).isEmpty();
    if (same && grown && apart) {
      lastMarked = Optional.of(new Marked(state, live.size(), now));
      marking.set(true);
      Instant time = clock.instant();
      // Not here: who looks must not wait for a disk.
      marks.execute(() -> {
        times.mark(layout, live.size(), time);
        marking.set(false);
      });
    }
  }

  private boolean isDue(Live live, LogRule current) {
    if (known.isEmpty() || !known.get().rule().equals(current)) {
      return true;
    }
    Layout layout = known.get().layout();
    return live.inode() != layout.state().inode()
        || live.size() < lastSeen.size()
        || live.size() - layout.state().rotated() >= current.maxSize()
        || RotationDecision.isTooOld(layout, current, clock.instant());
  }

  private void scheduleNext(Live live, LogRule current) {
    long now = nanoTime.getAsLong();
    long rotated = known.map(before -> before.layout().state().rotated()).orElse(0L);
    Duration pace =
        Pace.next(
            live.size() - lastSeen.size(),
            Duration.ofNanos(now - lastLook),
            current.maxSize() - live.size() + rotated);
    lastSeen = live;
    lastLook = now;
    schedule(Pace.delay(pace, now));
  }

  private void tend(LogRule current) {
    tending.lock();
    try {
      if (closed) {
        return;
      }
      AgentLog.Tended done = log.tend(current, lastSeen);
      Layout layout = done.layout();
      lastTended = Optional.of(layout);
      known = done.more() ? Optional.empty() : Optional.of(new Known(layout, current));
      publish(() -> notes.tended(log, layout.state(), current));
      Live live = new Live(layout.state().inode(), layout.size());
      if (done.more()) {
        lastSeen = live;
        schedule(0);
      } else {
        scheduleNext(live, current);
      }
    } catch (IOException failure) {
      failed(failure);
    } catch (RuntimeException fault) {
      failed(fault);
    } finally {
      tending.unlock();
    }
  }

  private void failed(IOException failure) {
    publish(() -> notes.failed(reason(failure)));
    schedule(Pace.FAILED.toNanos());
  }

  private void failed(RuntimeException fault) {
    LOG.log(Level.SEVERE, fault, () -> log.files().live() + " is not rotated");
    failed(new IOException("internal fault: " + fault, fault));
  }

  private static String reason(IOException failure) {
    return failure instanceof FileSystemException precise && precise.getReason() == null
        ? failure.getClass().getSimpleName() + ": " + precise.getFile()
        : String.valueOf(failure.getMessage());
  }

  /** What was found out later is what is shown. */
  private void publish(Supplier<List<String>> next) {
    synchronized (notes) {
      List<String> before = conditions;
      conditions = next.get();
      if (conditions.equals(before)) {
        return;
      }
    }
    changed.run();
  }

  /** Nothing is done to the log any more once this returns; waits for what is under way. */
  @Override
  public void close() {
    stop();
    open.remove(this);
    times.close();
    try {
      if (tending.tryLock(END_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        tending.unlock();
      } else {
        LOG.warning(log.files().live() + ": its rotation has not ended yet");
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@link #close}, without waiting. */
  void stop() {
    closed = true;
    log.stop();
  }
}
