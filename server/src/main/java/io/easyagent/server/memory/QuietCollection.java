package io.easyagent.server.memory;

/**
 * Collects the whole heap when it has grown and nobody would notice.
 *
 * <p>The serial collector looks at its old generation only when the heap has reached its limit:
 * what a fleet's return or an exec on all hosts has left there would stay in the process's memory
 * until then, for weeks in a server that is idle. A look that finds the machine quiet and the heap
 * a fifth larger than the last look that was quiet has left it collects, which takes half a second
 * with ten thousand hosts. For one thread at a time.
 */
public final class QuietCollection implements Runnable {
  /** Of one processor; ten thousand idle hosts take a twentieth. */
  private static final double QUIET = 0.2;

  private static final double GROWN = 1.2;

  private final Heap heap;
  private Reading last;
  private long left;

  private record Reading(long processorNanos, long nanos) {}

  public QuietCollection(Heap heap) {
    this.heap = heap;
    this.last = reading();
    this.left = heap.size();
  }

  /** One look. */
  @Override
  public void run() {
    Reading now = reading();
    boolean quiet =
        now.processorNanos() - last.processorNanos() <= QUIET * (now.nanos() - last.nanos());
    left = Math.min(left, heap.size());
    if (quiet && heap.size() > left * GROWN) {
      heap.collect();
      left = heap.size();
    }
    last = reading();
  }

  private Reading reading() {
    return new Reading(heap.processorTime().toNanos(), heap.now().toNanos());
  }
}
