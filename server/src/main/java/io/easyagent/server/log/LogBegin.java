package io.easyagent.server.log;

import java.time.Duration;
import java.util.OptionalInt;

/** Where in an agent's output a reader begins. */
public sealed interface LogBegin {
  /** With the last lines. */
  record Tail(int lines) implements LogBegin {
    public static final int MOST = 10_000;
    public static final Tail USUAL = new Tail(100);
  }

  /** With this byte of all that the agent has ever written, or the oldest one that is kept. */
  record From(long offset) implements LogBegin {}

  /**
   * With what was written since.
   *
   * @param age before now; on the host's clock, which may be wrong
   * @param tail with so many last lines of it at most; empty: with all
   */
  record Since(Duration age, OptionalInt tail) implements LogBegin {}
}
