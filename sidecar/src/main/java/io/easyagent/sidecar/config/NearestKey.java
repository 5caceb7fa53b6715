package io.easyagent.sidecar.config;

import java.util.Comparator;
import java.util.List;

/** Which known key a mistyped one may have meant. */
final class NearestKey {

  private NearestKey() {}

  static String of(String key, List<String> known) {
    return known.stream().min(Comparator.comparingInt(other -> distance(key, other))).orElseThrow();
  }

  /** Levenshtein's edit distance. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= from.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int replaced = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
