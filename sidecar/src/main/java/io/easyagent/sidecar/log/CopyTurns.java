package io.easyagent.sidecar.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The few buffers that all rotations of this host copy through. They are handed out in turn and for
 * a bounded piece of work, so that a huge rotation holds up no other. Thread-safe.
 */
final class CopyTurns {
  private static final int BUFFERS = 2;
  private static final int BUFFER_SIZE = 128 << 10;

  private final BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(BUFFERS, true);

  CopyTurns() {
    for (int each = 0; each < BUFFERS; each++) {
      buffers.add(ByteBuffer.allocateDirect(BUFFER_SIZE));
    }
  }

  /** What is done with a buffer that is empty. */
  interface Work<T> {
    T with(ByteBuffer buffer) throws IOException;
  }

  /** Waits for its turn. */
  <T> T take(Work<T> work) throws IOException {
    ByteBuffer buffer;
    try {
      buffer = buffers.take();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
    try {
      return work.with(buffer.clear());
    } finally {
      buffers.add(buffer);
    }
  }
}
