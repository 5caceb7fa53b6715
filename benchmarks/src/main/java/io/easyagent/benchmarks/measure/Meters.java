package io.easyagent.benchmarks.measure;

/** A page of the server's metrics, in Prometheus' text format. */
public record Meters(String page) {

  /**
   * The sum of a metric's values.
   *
   * @param label such as {@code status="online"}; of all series that have it
   */
  public double sum(String name, String label) {
    return page.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
