package io.easyagent.server.transport;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A body that must come at a pace: one that trickles would hold its request for as long as it
 * likes. The pace is asked for only after the patience that every connection has, so that a small
 * body is never late because this machine was busy.
 */
final class PacedBody extends FilterInputStream {
  private final ConnectionLimits limits;
  private final LongSupplier nanoTime;
  private final long begun;
  private long bytes;

  PacedBody(InputStream body, ConnectionLimits limits, LongSupplier nanoTime) {
    super(body);
    this.limits = limits;
    this.nanoTime = nanoTime;
    begun = nanoTime.getAsLong();
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count(Math.max(0, read));
    return read;
  }

  /**
   * @throws RefusedException BAD_REQUEST when fewer bytes came than the pace asks for
   */
  private void count(int more) {
    bytes += more;
    long late = nanoTime.getAsLong() - begun - limits.patience().toNanos();
    if (late > 0 && bytes < limits.slowestBody() * TimeUnit.NANOSECONDS.toSeconds(late)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "the body comes too slowly (expected: at least %d bytes a second)"
              .formatted(limits.slowestBody()));
    }
  }
}
