package io.easyagent.sidecar.spelling;

/** Levenshtein's edit distance: insertions, deletions and replacements of one character. */
public final class EditDistance {
  private EditDistance() {}

  /** The least number of edits that make one text of the other; 0 for equal ones. */
  public static int between(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      int[] current = new int[right.length() + 1];
      current[0] = row;
      for (int column = 1; column <= right.length(); column++) {
        int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                Math.min(current[column - 1], previous[column]) + 1, previous[column - 1] + change);
      }
      previous = current;
    }
    return previous[right.length()];
  }
}
