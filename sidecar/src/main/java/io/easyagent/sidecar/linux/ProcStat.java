package io.easyagent.sidecar.linux;

import java.util.Optional;

/**
 * What {@code /proc/PID/stat} tells; see proc_pid_stat(5).
 *
 * @param waitStatus field 52, as wait(2) would give it; zero unless it is a zombie and may be seen
 */
public record ProcStat(
    int pid,
    String command,
    char state,
    int parent,
    int group,
    int session,
    long startTicks,
    int waitStatus) {

  private static final int START_TICKS = 22 - 3;
  private static final int WAIT_STATUS = 52 - 3;

  /** Ended, and not yet waited for by its parent; X is on its way out. */
  public boolean hasEnded() {
    return state == 'Z' || state == 'X';
  }

  public ProcessIdentity identity() {
    return new ProcessIdentity(pid, startTicks);
  }

  /**
   * The command's name stands in parentheses and may itself hold spaces, parentheses and line ends:
   * it reaches from the first opening to the last closing one.
   */
  static Optional<ProcStat> parse(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 2 || close < open || close + 2 > text.length()) {
      return Optional.empty();
    }
    String[] fields = text.substring(close + 2).strip().split(" ");
    if (fields.length <= WAIT_STATUS || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcStat(
              Integer.parseInt(text.substring(0, open - 1)),
              text.substring(open + 1, close),
              fields[0].charAt(0),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2]),
              Integer.parseInt(fields[3]),
              Long.parseLong(fields[START_TICKS]),
              Integer.parseInt(fields[WAIT_STATUS])));
    } catch (NumberFormatException notNumbers) {
      return Optional.empty();
    }
  }
}
