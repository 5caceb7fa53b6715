package io.easyagent.sidecar.log;

/**
 * The marks of one log as they are stored, and the output that they were made of.
 *
 * @param origin that their offsets count from
 * @param boot tells the boot of the host in which the newest ones were made from others
 * @param slots that are used in the file, also by what is no mark
 */
record StoredMarks(Origin origin, long boot, LogMarks marks, int slots) {

  /**
   * What a file that is written is told from the one before by: offsets after the base of the new
   * one are those of other bytes then.
   */
  record Origin(long inode, long base, long truncations) {
    static Origin of(LogState state) {
      return new Origin(state.inode(), state.base(), state.truncations());
    }
  }

  /**
   * Those that hold for the output as it is now. Where there was more of it than there is, its file
   * was truncated, and nobody knows which of its bytes are still the same.
   */
  LogMarks holding(LogState state, long end) {
    return origin.equals(Origin.of(state)) && !reachBeyond(end) ? marks : marks.upTo(state.base());
  }

  /** As {@link #holding}; but at a power cut a file loses its end, and keeps the rest. */
  LogMarks takenUp(LogState state, long end, long newBoot) {
    return boot != newBoot && origin.equals(Origin.of(state))
        ? marks.upTo(end)
        : holding(state, end);
  }

  private boolean reachBeyond(long end) {
    return marks.newest().filter(mark -> mark.offset() > end).isPresent();
  }
}
