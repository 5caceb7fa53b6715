package io.easyagent.server.operation;

import java.util.Arrays;

/**
 * What was kept of standard output and error together; raw bytes as the host sent them. What lies
 * between head and tail was dropped. At most {@link #MOST} bytes each.
 */
public final class Output {
  public static final int MOST = 64 * 1024;
  public static final Output NONE = new Output(new byte[0], new byte[0], 0);

  /** There was one, which is not kept any more. */
  public static final Output REMOVED = new Output(new byte[0], new byte[0], 0, true);

  private final byte[] head;

  private final byte[] tail;

  private final long totalBytes;

  private final boolean removed;

  public Output(byte[] head, byte[] tail, long totalBytes) {
    this(head, tail, totalBytes, false);
  }

  private Output(byte[] head, byte[] tail, long totalBytes, boolean removed) {
    this.head = head.clone();
    this.tail = tail.clone();
    this.totalBytes = totalBytes;
    this.removed = removed;
  }

  /** Whether it is {@link #REMOVED}. */
  public boolean removed() {
    return removed;
  }

  public byte[] head() {
    return head.clone();
  }

  public byte[] tail() {
    return tail.clone();
  }

  public long totalBytes() {
    return totalBytes;
  }

  /** Bytes between head and tail were dropped. */
  public boolean truncated() {
    return totalBytes > (long) head.length + tail.length;
  }

  public boolean isEmpty() {
    return totalBytes == 0 && head.length == 0 && tail.length == 0;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Output that
        && Arrays.equals(head, that.head)
        && Arrays.equals(tail, that.tail)
        && totalBytes == that.totalBytes
        && removed == that.removed;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(head) + Arrays.hashCode(tail);
  }

  @Override
  public String toString() {
    return "Output[" + totalBytes + " bytes]";
  }
}
