package io.easyagent.sidecar.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An array of {@code struct pollfd}, waiting for descriptors to become readable. */
final class PollSet {
  private static final int SIZE = 8;
  private static final int EVENTS_OFFSET = 4;
  private static final int RETURNED_OFFSET = 6;
  private static final short POLLIN = 1;

  private final MemorySegment entries;

  PollSet(Arena arena, int capacity) {
    entries = arena.allocate((long) SIZE * capacity, 4);
  }

  void put(int index, int descriptor) {
    entries.set(ValueLayout.JAVA_INT, (long) index * SIZE, descriptor);
    entries.set(ValueLayout.JAVA_SHORT, (long) index * SIZE + EVENTS_OFFSET, POLLIN);
    entries.set(ValueLayout.JAVA_SHORT, (long) index * SIZE + RETURNED_OFFSET, (short) 0);
  }

  boolean isReady(int index) {
    return entries.get(ValueLayout.JAVA_SHORT, (long) index * SIZE + RETURNED_OFFSET) != 0;
  }

  /** How many are ready; 0 after the timeout or an interruption by a signal. */
  int poll(int count, int timeoutMillis) throws SystemCallException {
    try {
      return SystemCalls.poll(entries, count, timeoutMillis);
    } catch (SystemCallException failure) {
      if (failure.interrupted()) {
        return 0;
      }
      throw failure;
    }
  }
}
