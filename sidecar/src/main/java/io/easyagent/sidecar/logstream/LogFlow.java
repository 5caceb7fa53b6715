package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.log.KeptLog.BeyondEndException;
import io.easyagent.sidecar.log.KeptLog.GoneException;
import io.easyagent.sidecar.secret.Redaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads an agent's output piece by piece. A piece ends with a line where it can, never within a
 * character or within the value of a secret, also of one that is not written to its end yet. What
 * was not kept is left out, and shows in the offsets; after a truncation it begins anew. It reads
 * only when asked and holds one piece and the longest value at most. For one thread.
 */
public final class LogFlow {
  /** Bytes of a piece. */
  public static final int LARGEST = 64 << 10;

  private final KeptLog log;
  private final RedactionSource redactions;
  private byte[] pending = new byte[LARGEST];
  private int length;
  private long position;
  private boolean cutBefore;

  /**
   * @param begin the offset of the first byte wanted
   */
  public LogFlow(KeptLog log, RedactionSource redactions, long begin) {
    this.log = log;
    this.redactions = redactions;
    this.position = begin;
    // Who chose the place may have chosen one within a value.
    this.cutBefore = true;
  }

  /** Where the next piece begins, unless it is not kept by then. */
  public long position() {
    return position;
  }

  /**
   * The next piece; empty when there is none yet.
   *
   * @param end nothing from this offset on is read
   * @param whole also what may be the beginning of more: of a line, a character, or a value
   */
  public Optional<LogPiece> next(long end, boolean whole) throws IOException {
    while (true) {
      Filled filled = fill(end);
      Redaction redaction = redactions.current();
      makeRoomFor(redaction);
      Optional<LogPiece> piece =
          switch (filled) {
            case MORE -> cut(redaction, false);
            case NOTHING -> cut(redaction, whole);
            case BREAK -> cut(redaction, true);
          };
      if (piece.isPresent() || filled == Filled.NOTHING) {
        return piece;
      }
    }
  }

  private enum Filled {
    MORE,
    NOTHING,
    /** What comes next does not join on to what is pending. */
    BREAK
  }

  private Filled fill(long end) throws IOException {
    long from = position + length;
    int most = (int) Math.clamp(end - from, 0, pending.length - length);
    if (most == 0) {
      return Filled.NOTHING;
    }
    try {
      int read = log.read(from, ByteBuffer.wrap(pending, length, most));
      length += Math.max(0, read);
      return read > 0 ? Filled.MORE : Filled.NOTHING;
    } catch (GoneException gone) {
      return moveTo(gone.begin());
    } catch (BeyondEndException truncated) {
      return moveTo(log.begin());
    }
  }

  private Filled moveTo(long offset) {
    if (length == 0) {
      position = offset;
      cutBefore = true;
    }
    return Filled.BREAK;
  }

  private void makeRoomFor(Redaction redaction) {
    if (pending.length < LARGEST + redaction.longest()) {
      pending = Arrays.copyOf(pending, LARGEST + redaction.longest());
    }
  }

  private Optional<LogPiece> cut(Redaction redaction, boolean whole) {
    int wanted = wanted(whole);
    if (wanted == 0) {
      return Optional.empty();
    }
    int safe = redaction.safeCut(pending, length, wanted);
    if (safe == 0 && !whole && length < pending.length) {
      return Optional.empty();
    }
    if (safe == 0) {
      // All that is before its end is taken out, so that the piece is none too large.
      int end = redaction.endOfFirst(pending, length);
      safe = redaction.safeCut(pending, length, end) == end ? end : 0;
    }
    boolean within = safe == 0;
    int size = within ? wanted : safe;
    byte[] data = redaction.redact(Arrays.copyOf(pending, size), cutBefore, within);
    LogPiece piece = new LogPiece(position, position + size, data);
    System.arraycopy(pending, size, pending, 0, length - size);
    length -= size;
    position += size;
    cutBefore = within;
    return Optional.of(piece);
  }

  private int wanted(boolean whole) {
    int most = Math.min(length, LARGEST);
    for (int index = most; index > 0; index--) {
      if (pending[index - 1] == '\n') {
        return index;
      }
    }
    return whole || most == LARGEST ? Characters.whole(pending, most) : 0;
  }
}
