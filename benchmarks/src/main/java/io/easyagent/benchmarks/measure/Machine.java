package io.easyagent.benchmarks.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were taken on. */
public record Machine(int cores, String processor, long memoryBytes, String kernel, String java) {

  public static Machine here() throws IOException {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        field(read("/proc/cpuinfo"), "model name"),
        Long.parseLong(field(read("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) * 1_024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.version().toString());
  }

  /** The load average of the last minute. */
  public static double load() throws IOException {
    String text = read("/proc/loadavg");
    return Double.parseDouble(text.substring(0, text.indexOf(' ')));
  }

  /** Adds what it is to the object. */
  public void addTo(ObjectNode json) {
    json.put("cores", cores)
        .put("processor", processor)
        .put("memory_bytes", memoryBytes)
        .put("kernel", kernel)
        .put("java", java);
  }

  /** How many files, and so connections, a process may have open. */
  public static long mostDescriptors() throws IOException {
    return read("/proc/self/limits")
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.replaceAll("\\D+", " ").strip().split(" ")[0])
        .filter(text -> !text.isEmpty())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** What follows a name and a colon; "unknown" where there is no such line. */
  public static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
  }
}
