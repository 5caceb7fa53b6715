package io.easyagent.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Nearest {
  private Nearest() {}

  /** The candidate nearest to the word; empty when none is near enough to be a slip of it. */
  public static Optional<String> find(String word, Collection<String> candidates) {
    record Candidate(String word, int distance) {}

    if (word.length() > 64) {
      return Optional.empty();
    }
    return candidates.stream()
        .map(candidate -> new Candidate(candidate, distance(word, candidate)))
        .filter(found -> found.distance() <= Math.max(1, found.word().length() / 3))
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  /**
   * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), case
   * ignored.
   */
  private static int distance(String one, String other) {
    int[][] cost = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : step(one, other, i, j, cost);
      }
    }
    return cost[one.length()][other.length()];
  }

  private static int step(String one, String other, int i, int j, int[][] cost) {
    boolean same = same(one, i, other, j);
    int least =
        Math.min(
            Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped = i > 1 && j > 1 && same(one, i, other, j - 1) && same(one, i - 1, other, j);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }

  private static boolean same(String one, int i, String other, int j) {
    return Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
  }
}
