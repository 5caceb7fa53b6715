package io.easyagent.cli.metric;

import io.easyagent.cli.console.Fields;
import io.easyagent.cli.console.Figures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * Metrics with their units. Which there are the server's API says; one that is not known here is
 * shown as a number.
 */
public final class MetricText {
  private static final String DISK_USED = "diskUsed:";
  private static final String DISK_TOTAL = "diskTotal:";
  private static final String RECEIVED = "netReceived:";
  private static final String SENT = "netSent:";

  private MetricText() {}

  /**
   * Of a host: a line for each disk and each network, the use of memory beside what there is.
   *
   * @param facts of the host, by name
   */
  public static void ofHost(Fields fields, Map<String, Double> metrics, Map<String, String> facts) {
    metric(metrics, "uptime").ifPresent(text -> fields.add("up", text));
    metric(metrics, "cpu").ifPresent(text -> fields.add("cpu", text));
    metric(metrics, "load1").ifPresent(text -> fields.add("load", text));
    metric(metrics, "memoryUsed")
        .ifPresent(text -> fields.add("memory", text + of(facts.getOrDefault("memory", ""))));
    metric(metrics, "swapUsed")
        .ifPresent(text -> fields.add("swap", text + of(facts.getOrDefault("swap", ""))));
    new TreeMap<>(metrics)
        .forEach((name, value) -> {
          if (name.startsWith(DISK_USED)) {
            String mount = name.substring(DISK_USED.length());
            Double total = metrics.get(DISK_TOTAL + mount);
            fields.add("disk " + mount, size(value) + (total == null ? "" : " of " + size(total)));
          } else if (name.startsWith(RECEIVED)) {
            String network = name.substring(RECEIVED.length());
            Double sent = metrics.get(SENT + network);
            fields.add(
                "network " + network,
                size(value) + " received" + (sent == null ? "" : ", " + size(sent) + " sent"));
          }
        });
  }

  private static String of(String fact) {
    return fact.matches("[0-9]{1,18}") ? " of " + Figures.size(Long.parseLong(fact)) : "";
  }

  /** Of an agent: all its processes together. */
  public static void ofAgent(Fields fields, Map<String, Double> metrics) {
    metric(metrics, "uptime").ifPresent(text -> fields.add("up", text));
    metric(metrics, "cpu").ifPresent(text -> fields.add("cpu", text));
    metric(metrics, "memory").ifPresent(text -> fields.add("memory", text));
    metric(metrics, "processes")
        .ifPresent(text ->
            fields.add(
                "processes",
                text + metric(metrics, "threads").map(number -> ", threads " + number).orElse("")));
    metric(metrics, "openFiles").ifPresent(text -> fields.add("open files", text));
    metric(metrics, "diskRead")
        .ifPresent(text ->
            fields.add(
                "disk",
                text
                    + " read"
                    + metric(metrics, "diskWritten")
                        .map(written -> ", " + written + " written")
                        .orElse("")));
  }

  /** One metric with its unit; nothing when it was not reported. */
  public static Optional<String> metric(Map<String, Double> metrics, String name) {
    return Optional.ofNullable(metrics.get(name)).map(value -> unit(name).apply(value));
  }

  private static DoubleFunction<String> unit(String name) {
    return switch (name) {
      case "cpu" -> MetricText::percent;
      case "load1" -> MetricText::hundredths;
      case "uptime" -> seconds -> Figures.duration(Duration.ofSeconds((long) seconds));
      case "memory", "memoryUsed", "swapUsed", "diskRead", "diskWritten" -> MetricText::size;
      default -> number -> Figures.count(Math.round(number));
    };
  }

  private static String size(double bytes) {
    return Figures.size(Math.round(bytes));
  }

  /** A hundred is one processor for an agent, and all of them for a host. */
  private static String percent(double share) {
    long tenths = Math.round(share * 1_000);
    return Figures.count(tenths / 10) + "." + tenths % 10 + " %";
  }

  private static String hundredths(double number) {
    long hundredths = Math.round(number * 100);
    return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10;
  }
}
