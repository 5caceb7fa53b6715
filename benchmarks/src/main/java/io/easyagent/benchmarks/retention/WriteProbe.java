package io.easyagent.benchmarks.retention;

import io.easyagent.server.store.Writer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Somebody who writes a little every few milliseconds, and how long each time took. */
final class WriteProbe {
  private static final long BETWEEN_NANOS = 2_000_000;
  private static final int MOST = 1_000_000;

  private final Writer writer;
  private final long[] took = new long[MOST];
  private final AtomicBoolean stopped = new AtomicBoolean();
  private int number;

  private WriteProbe(Writer writer) {
    this.writer = writer;
  }

  /**
   * @param millis each from the submission to the answer
   */
  record Latency(int writes, double medianMillis, double p99Millis, double longestMillis) {}

  /** How long others wait to write while the work is done. */
  static Latency during(Writer writer, Runnable work) throws InterruptedException {
    WriteProbe probe = new WriteProbe(writer);
    Thread thread = Thread.ofPlatform().name("probe").start(probe::loop);
    work.run();
    probe.stopped.set(true);
    thread.join();
    return probe.latency();
  }

  private void loop() {
    while (!stopped.get() && number < MOST) {
      long begun = System.nanoTime();
      writer.run(transaction ->
          transaction
              .handle()
              .execute(
                  "INSERT INTO server_state (name, value) VALUES ('probe', '1')"
                      + " ON CONFLICT (name) DO UPDATE SET value = value + 1"));
      took[number++] = System.nanoTime() - begun;
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }

  private Latency latency() {
    long[] sorted = Arrays.copyOf(took, number);
    Arrays.sort(sorted);
    return new Latency(number, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(long[] sorted, double part) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))] / 1e6;
  }
}
