package io.easyagent.server.store;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/** A few connections that cannot write, handed to one reader at a time. */
final class ReaderPool implements Reader, AutoCloseable {
  private static final long LONGEST_WAIT_SECONDS = 30;

  private final BlockingQueue<Handle> free;
  private final List<Handle> all;

  ReaderPool(List<Handle> handles) {
    this.all = List.copyOf(handles);
    this.free = new ArrayBlockingQueue<>(handles.size(), true, handles);
  }

  @Override
  public <T> T read(Writer.Work<T> work) {
    Handle handle = take();
    try {
      handle.begin();
      try {
        return work.run(Transaction.reading(handle));
      } finally {
        handle.rollback();
      }
    } finally {
      free.add(handle);
    }
  }

  private Handle take() {
    try {
      Handle handle = free.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
      if (handle != null) {
        return handle;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new RefusedException(
        ErrorCode.TOO_MANY_REQUESTS,
        "the store is too busy: it was not free to be read for %d s (expected: try again in a moment)"
            .formatted(LONGEST_WAIT_SECONDS));
  }

  @Override
  public void close() {
    all.forEach(Handle::close);
  }
}
