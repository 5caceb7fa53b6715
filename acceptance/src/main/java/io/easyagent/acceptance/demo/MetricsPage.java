package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of the agent, fetched as a Prometheus server would. */
final class MetricsPage {
  private static final Pattern BUILD =
      Pattern.compile("^jmx_exporter_build_info\\{.*version=\"([^\"]+)\".*$", Pattern.MULTILINE);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI address;

  MetricsPage(int port) {
    address = URI.create("http://127.0.0.1:" + port + "/metrics");
  }

  URI address() {
    return address;
  }

  Contents fetch() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(address + " answered " + answer.statusCode() + " (expected: 200)");
    }
    return new Contents(answer.body());
  }

  /** What the page says. */
  record Contents(String text) {

    /** The line with the exporter's own version. */
    String requireBuildLine() {
      Matcher build = BUILD.matcher(text);
      if (!build.find()) {
        throw new IllegalStateException("no jmx_exporter_build_info line in:\n" + text);
      }
      return build.group();
    }

    String requireVersion() {
      Matcher build = BUILD.matcher(requireBuildLine());
      if (!build.find()) {
        throw new IllegalStateException("no version in " + requireBuildLine());
      }
      return build.group(1);
    }

    boolean has(String metric) {
      return text.lines().anyMatch(line -> line.startsWith(metric + " "));
    }

    /** The line of a metric without labels. */
    String requireLine(String metric) {
      return text.lines()
          .filter(line -> line.startsWith(metric + " "))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + metric + " in:\n" + text));
    }
  }
}
