package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.Map;
import java.util.regex.Pattern;

/** What may be a label. */
public final class Labels {
  private static final int MOST = 64;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_./-]{0,61}[A-Za-z0-9_])?");
  private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{N}_./:@+~-]{1,128}");

  private Labels() {}

  /**
   * @throws RefusedException BAD_REQUEST for the first that is no label, or too many
   */
  public static void check(Map<String, String> labels) {
    if (labels.size() > MOST) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "labels: %d (expected: at most %d)".formatted(labels.size(), MOST));
    }
    labels.forEach(Labels::check);
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches() || name.startsWith("fact.")) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "label name: \"%s\" (expected: 1 to 63 letters, digits or _ . / -, not beginning with"
                  .formatted(HostText.word(name))
              + " \"fact.\")");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "label %s: \"%s\" (expected: 1 to 128 letters, digits or _ . / : @ + ~ -)"
              .formatted(name, HostText.word(value)));
    }
  }
}
