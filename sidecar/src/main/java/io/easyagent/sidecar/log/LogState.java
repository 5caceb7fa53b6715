package io.easyagent.sidecar.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What is to be known of an agent's log beside its files. Physical offsets are those of the file
 * that is written, logical ones those of the agent's whole output.
 *
 * @param inode of the file that is written; another one begins where the rotated ones end
 * @param base logical offset of its first byte
 * @param rotated bytes at its head that are rotated or dropped
 * @param freed of these, how many are given back to the file system
 * @param head CRC-32 of the first bytes as they were before any was freed, see {@link Layout}
 * @param emptying whether the sidecar is about to empty the file; all of it is rotated then
 * @param dropped bytes that were given up before they could be rotated, in all
 * @param truncations how often the agent has truncated its own log
 */
record LogState(
    long inode,
    long base,
    long rotated,
    long freed,
    long head,
    boolean emptying,
    long dropped,
    long truncations) {
  private static final String FORM = "easyagent-log-1";
  private static final int FIELDS = 11;

  static LogState begin(long inode, long base) {
    return new LogState(inode, base, 0, 0, 0, false, 0, 0);
  }

  /** Logical offset of the first byte that is not rotated. */
  long liveStart() {
    return base + rotated;
  }

  LogState withRotated(long position, long headSum) {
    return new LogState(inode, base, position, freed, headSum, emptying, dropped, truncations);
  }

  LogState withFreed(long position) {
    return new LogState(inode, base, rotated, position, head, emptying, dropped, truncations);
  }

  LogState withDropped(long more) {
    return new LogState(inode, base, rotated, freed, head, emptying, dropped + more, truncations);
  }

  LogState withTruncation() {
    return new LogState(inode, base, rotated, freed, head, emptying, dropped, truncations + 1);
  }

  LogState asEmptying() {
    return new LogState(inode, base, rotated, freed, head, true, dropped, truncations);
  }

  /** Of a file that begins where the rotated ones end. */
  LogState begunAnew(long newInode, long newBase, boolean truncated) {
    return new LogState(
        newInode, newBase, 0, 0, 0, false, dropped, truncations + (truncated ? 1 : 0));
  }

  /**
   * One line with a sum, of exactly this length.
   *
   * @param number the higher one is the newer one
   */
  byte[] encode(long number, int length) {
    String text =
        String.join(
            " ",
            FORM,
            Long.toString(number),
            Long.toString(inode),
            Long.toString(base),
            Long.toString(rotated),
            Long.toString(freed),
            Long.toString(head),
            Boolean.toString(emptying),
            Long.toString(dropped),
            Long.toString(truncations));
    byte[] line = new byte[length];
    Arrays.fill(line, (byte) ' ');
    byte[] used = (text + " " + sum(text)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(used, 0, line, 0, used.length);
    line[length - 1] = '\n';
    return line;
  }

  /** A state as it was written. */
  record Numbered(long number, LogState state) {}

  /** Empty for anything that {@link #encode} has not made. */
  static Optional<Numbered> decode(byte[] line) {
    String[] fields = new String(line, StandardCharsets.US_ASCII).strip().split(" ", -1);
    if (fields.length != FIELDS || !fields[0].equals(FORM)) {
      return Optional.empty();
    }
    String text = String.join(" ", Arrays.asList(fields).subList(0, FIELDS - 1));
    if (!fields[FIELDS - 1].equals(sum(text))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Numbered(
              Long.parseLong(fields[1]),
              new LogState(
                  Long.parseLong(fields[2]),
                  Long.parseLong(fields[3]),
                  Long.parseLong(fields[4]),
                  Long.parseLong(fields[5]),
                  Long.parseLong(fields[6]),
                  Boolean.parseBoolean(fields[7]),
                  Long.parseLong(fields[8]),
                  Long.parseLong(fields[9]))));
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }

  private static String sum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }
}
