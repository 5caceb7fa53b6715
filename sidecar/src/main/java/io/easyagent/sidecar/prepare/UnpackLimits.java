package io.easyagent.sidecar.prepare;

/**
 * How much an archive may become.
 *
 * @param bytes of all files together
 * @param entries files, folders and links together
 * @param ratio unpacked bytes for each byte of the archive; small archives are not held to it
 */
public record UnpackLimits(long bytes, int entries, int ratio) {
  private static final long NOT_HELD_TO_THE_RATIO = 16L << 20;

  /** 8 GiB in 200,000 entries, at most 200 times the archive. */
  public static final UnpackLimits DEFAULT = new UnpackLimits(8L << 30, 200_000, 200);

  long bytesOf(long archiveSize) {
    return Math.min(bytes, Math.max(NOT_HELD_TO_THE_RATIO, archiveSize * ratio));
  }
}
