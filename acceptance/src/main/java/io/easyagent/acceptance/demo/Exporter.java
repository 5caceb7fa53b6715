package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The real agent: the Prometheus JMX exporter, one jar and one YAML file. Here it scrapes the JVM
 * of the running EasyAgent server.
 *
 * @param java absolute path of the program that runs the jar
 * @param user who it runs as
 * @param pagePort where its page is
 * @param jmxPort where the scraped JVM listens
 */
record Exporter(Path java, String user, int pagePort, int jmxPort) {
  static final String NAME = "jmx-exporter";
  static final String OLD_VERSION = "0.20.0";
  static final String NEW_VERSION = "1.0.1";

  /** A figure of the scraped JVM that the exporter can be configured to show. */
  enum Metric {
    HEAP("easyagent_server_heap_used_bytes", "java.lang<type=Memory><HeapMemoryUsage>used"),
    THREADS("easyagent_server_threads", "java.lang<type=Threading><>ThreadCount");

    private final String title;
    private final String pattern;

    Metric(String title, String pattern) {
      this.title = title;
      this.pattern = pattern;
    }

    String title() {
      return title;
    }

    private String rule() {
      return "{pattern: '" + pattern + "', name: " + title + "}";
    }
  }

  /** Packs one version's jar as an operator would, with tar. */
  static Path archive(Program program, Path jars, String version, Path target)
      throws IOException, InterruptedException {
    String name = NAME + "-" + version;
    Path content = Files.createDirectories(target.resolve(name));
    Files.copy(
        jars.resolve("jmx_prometheus_httpserver-" + version + ".jar"),
        content.resolve("exporter.jar"));
    Path archive = target.resolve(name + ".tar.gz");
    program.output(List.of("tar", "-czf", archive.toString(), "-C", target.toString(), name));
    return archive;
  }

  /** The agent definition for a version that shows these metrics. */
  String definition(String version, List<Metric> metrics) throws IOException {
    Map<String, Object> values =
        Map.of(
            "version", version,
            "user", user,
            "java", java,
            "pagePort", pagePort,
            "jmxPort", jmxPort,
            "rules", metrics.stream().map(Metric::rule).collect(Collectors.joining(", ")));
    String text = template();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue().toString());
    }
    return text;
  }

  private static String template() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(Exporter.class.getResourceAsStream("jmx-exporter.yaml"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
