package io.easyagent.benchmarks.measure;

import java.util.Arrays;

/** Of a sample, by nearest rank: always a value that was measured. */
public record Percentiles(double[] sorted) {

  /**
   * @throws IllegalArgumentException for no values
   */
  public static Percentiles of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values: none (expected: at least one)");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Percentiles(sorted);
  }

  /**
   * @param percent above 0, at most 100
   */
  public double at(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank, 1, sorted.length) - 1];
  }

  /** Of an even number of values the lower one. */
  public double median() {
    return at(50);
  }
}
