package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.util.List;
import java.util.Locale;

/** Finds the copy that an operator means. */
final class CopyChoice {
  private static final int SHORTEST_PREFIX = 4;

  private CopyChoice() {}

  /**
   * @param wanted a copy's id, its address, its host name, or four digits or more of its machine id
   *     or boot id
   * @throws RefusedException NOT_FOUND or AMBIGUOUS, with the copies that there are
   */
  static HostCopy require(List<HostCopy> copies, String wanted) {
    List<HostCopy> claiming =
        copies.stream().filter(copy -> copy.standing() == HostCopy.Standing.CLAIMING).toList();
    String text = wanted.strip();
    List<HostCopy> found = claiming.stream().filter(copy -> means(copy, text)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new RefusedException(
        new Refusal(
            found.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.AMBIGUOUS,
            "keep: \"%s\" stands for %d of the %d copies (expected: the id of one)"
                .formatted(HostText.word(text), found.size(), claiming.size()),
            (found.isEmpty() ? claiming : found)
                .stream().map(copy -> new Refusal.Fault("keep", copy.text())).toList()));
  }

  private static boolean means(HostCopy copy, String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    boolean prefix = digits.length() >= SHORTEST_PREFIX;
    return !text.isEmpty()
        && (copy.address().equals(text)
            || copy.hostName().equals(text)
            || prefix
                && (copy.id().startsWith(digits)
                    || copy.machineId().startsWith(digits)
                    || copy.bootId().startsWith(digits)));
  }
}
