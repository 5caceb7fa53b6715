package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells when processes end, whoever their parent is: one thread waits for all of them and costs
 * nothing meanwhile. Thread-safe.
 */
public final class ExitWatcher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ExitWatcher.class.getName());
  private static final long STACK = 256 * 1024;

  private record Watched(ProcessDescriptor descriptor, Runnable ended) {}

  private final Proc proc;
  private final int wakeUp;
  private final Thread thread;
  private final List<Watched> watched = new ArrayList<>();
  private boolean closed;

  public ExitWatcher(Proc proc) throws IOException {
    this.proc = proc;
    this.wakeUp = SystemCalls.eventfd();
    this.thread =
        Thread.ofPlatform().name("exit-watcher").daemon().stackSize(STACK).start(this::run);
  }

  /**
   * Calls {@code ended} once, when the process has ended: on the watcher's thread, where it must
   * not block, or at once when the process is gone already. Never after {@link #close}.
   */
  public void watch(ProcessIdentity identity, Runnable ended) throws IOException {
    Optional<ProcessDescriptor> descriptor = ProcessDescriptor.open(proc, identity);
    if (descriptor.isEmpty()) {
      ended.run();
      return;
    }
    synchronized (this) {
      if (closed) {
        descriptor.get().close();
        return;
      }
      watched.add(new Watched(descriptor.get(), ended));
      SystemCalls.writeCounter(wakeUp);
    }
  }

  private void run() {
    try {
      for (List<Watched> current = current(); !current.isEmpty() || !isClosed(); ) {
        for (Watched ended : awaitAny(current)) {
          tell(ended);
        }
        current = current();
      }
    } catch (IOException failure) {
      LOG.log(Level.SEVERE, "cannot watch processes any more", failure);
    }
  }

  private synchronized List<Watched> current() {
    return closed ? List.of() : List.copyOf(watched);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private List<Watched> awaitAny(List<Watched> current) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      PollSet set = new PollSet(arena, current.size() + 1);
      set.put(0, wakeUp);
      for (int index = 0; index < current.size(); index++) {
        set.put(index + 1, current.get(index).descriptor().number());
      }
      set.poll(current.size() + 1, -1);
      if (set.isReady(0)) {
        SystemCalls.readCounter(wakeUp);
      }
      List<Watched> ended = new ArrayList<>();
      for (int index = 0; index < current.size(); index++) {
        if (set.isReady(index + 1)) {
          ended.add(current.get(index));
        }
      }
      return ended;
    }
  }

  private void tell(Watched ended) throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      watched.remove(ended);
      ended.descriptor().close();
    }
    try {
      ended.ended().run();
    } catch (RuntimeException failure) {
      LOG.log(Level.SEVERE, "an end was not handled", failure);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      SystemCalls.writeCounter(wakeUp);
    }
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    for (Watched left : watched) {
      left.descriptor().close();
    }
    SystemCalls.close(wakeUp);
  }
}
