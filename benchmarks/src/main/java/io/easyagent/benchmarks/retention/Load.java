package io.easyagent.benchmarks.retention;

import io.easyagent.server.retention.Bound;
import java.time.Duration;

/**
 * What a fleet writes in a day, and what of it is kept: the server's usual limits. Scaled down,
 * both are smaller alike.
 *
 * @param hosts each has an exec every hour, in one batch for all
 * @param singles execs a day for one host alone, each a batch of its own
 * @param events a day: agents that exit and start, hosts that come and go
 * @param acts of operators a day, each an entry of the audit log
 * @param definitions a day that are new
 */
record Load(int hosts, int singles, int events, int acts, int definitions, long scale) {
  /** Of an output that no other operation has: every second one. */
  static final int OUTPUT_BYTES = 1024;

  private static final Duration MONTH = Duration.ofDays(30);

  static Load of(int hosts, int scale) {
    int scaled = Math.max(2, hosts / scale);
    return new Load(scaled, scaled / 20, scaled * 10, Math.max(1, scaled / 5), scaled / 100, scale);
  }

  Bound operations() {
    return new Bound(MONTH, 1_000_000 / scale);
  }

  Bound outputs() {
    return new Bound(Duration.ofDays(7), (1L << 30) / scale);
  }

  Bound keptEvents() {
    return new Bound(MONTH, 1_000_000 / scale);
  }

  Bound audit() {
    return new Bound(Duration.ofDays(400), 1_000_000 / scale);
  }
}
