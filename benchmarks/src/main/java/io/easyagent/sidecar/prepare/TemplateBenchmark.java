package io.easyagent.sidecar.prepare;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A configuration of about 4 KiB, rendered for one host. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TemplateBenchmark {
  private static final int INPUTS = 20;

  private final String template = template();
  private final Variables variables =
      new Variables(
          Map.of(
              "host.name", "web-0002",
              "label.zone", "eu-1",
              "data", "/var/lib/easyagent/agents/filebeat/data"));

  private static String template() {
    StringBuilder text = new StringBuilder("name: {{host.name}}\ntags: [\"{{label.zone}}\"]\n");
    text.append("filebeat.inputs:\n");
    for (int input = 0; input < INPUTS; input++) {
      text.append(
          """
            - type: filestream
              id: "%d on {{host.name}}"
              paths: [/var/log/nginx/*.log, "{{data}}/more/*.log"]
              fields: {zone: "{{label.zone}}", tier: web}
              parsers: [{multiline: {pattern: '^\\[', negate: true, match: after}}]
          """
              .formatted(input));
    }
    return text.toString();
  }

  @Benchmark
  public String render() throws PrepareException {
    return Template.render(template, variables, TemplateFormat.YAML, "filebeat.yml");
  }
}
