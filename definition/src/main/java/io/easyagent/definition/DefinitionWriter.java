package io.easyagent.definition;

import io.easyagent.definition.DefinedFile.Apply;
import io.easyagent.definition.DefinedFile.Source;
import io.easyagent.definition.Readiness.Sign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes definitions in the canonical form: every default spelt out, keys in one order, so that
 * equal definitions have equal texts, and a default that changes in a later release changes no
 * stored definition. {@link DefinitionParser} reads back what is written here.
 */
public final class DefinitionWriter {
  private static final DumpSettings YAML =
      DumpSettings.builder()
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setSplitLines(false)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .build();

  private DefinitionWriter() {}

  public static String yaml(AgentDefinition definition) {
    return new Dump(YAML).dumpToString(tree(definition));
  }

  /**
   * As mappings, lists, texts, numbers and truths, for whoever writes it in another language; keys
   * in the order of the canonical form.
   */
  public static Map<String, Object> tree(AgentDefinition definition) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", definition.name());
    tree.put("type", Words.of(Words.TYPES, definition.type()));
    definition.packageReference().ifPresent(found -> tree.put("package", found.toString()));
    tree.put("user", definition.user());
    tree.put("command", definition.command());
    if (!definition.environment().isEmpty()) {
      tree.put("environment", new LinkedHashMap<>(definition.environment()));
    }
    if (!definition.files().isEmpty()) {
      Map<String, Object> files = new LinkedHashMap<>();
      definition.files().forEach(file -> files.put(file.path(), file(file)));
      tree.put("files", files);
    }
    definition.ready().ifPresent(ready -> tree.put("ready", ready(ready)));
    definition.health().ifPresent(health -> tree.put("health", health(health)));
    tree.put("restart", restart(definition.restart()));
    tree.put("stop", stop(definition.stop()));
    Map<String, Object> limits = limits(definition.limits());
    if (!limits.isEmpty()) {
      tree.put("limits", limits);
    }
    tree.put("logs", logs(definition.logs()));
    definition.install().ifPresent(script -> tree.put("install", script(script)));
    definition.uninstall().ifPresent(script -> tree.put("uninstall", script(script)));
    if (definition.process().umask() != ProcessSettings.DEFAULT.umask()) {
      tree.put("umask", String.format("%04o", definition.process().umask()));
    }
    definition.process().nice().ifPresent(nice -> tree.put("nice", nice));
    if (!definition.after().isEmpty()) {
      tree.put("after", definition.after());
    }
    definition.hooks().preStart().ifPresent(hook -> tree.put("preStart", hook(hook)));
    definition.hooks().postStop().ifPresent(hook -> tree.put("postStop", hook(hook)));
    definition.schedule().ifPresent(schedule -> tree.put("schedule", schedule(schedule)));
    return tree;
  }

  private static Map<String, Object> file(DefinedFile file) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("mode", String.format("%04o", file.mode()));
    tree.put(
        "apply",
        switch (file.apply()) {
          case Apply.Restart _ -> "restart";
          case Apply.Signal signal -> "signal:" + signal.name();
          case Apply.Nothing _ -> "none";
        });
    if (!file.validate().isEmpty()) {
      tree.put("validate", file.validate());
    }
    switch (file.source()) {
      case Source.Content content -> tree.put("content", content.text());
      case Source.Template template -> tree.put("template", template.text());
    }
    return tree;
  }

  private static Map<String, Object> ready(Readiness ready) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (ready.sign()) {
      case Sign.Answer(Probe probe) -> probe(probe, tree);
      case Sign.Line(String text) -> tree.put("line", text);
      case Sign.StayedUp() -> {
        tree.put("delay", DurationText.format(ready.timeout()));
        return tree;
      }
    }
    tree.put("timeout", DurationText.format(ready.timeout()));
    return tree;
  }

  private static Map<String, Object> health(HealthCheck health) {
    Map<String, Object> tree = new LinkedHashMap<>();
    probe(health.probe(), tree);
    tree.put("interval", DurationText.format(health.interval()));
    tree.put("timeout", DurationText.format(health.timeout()));
    tree.put("startPeriod", DurationText.format(health.startPeriod()));
    tree.put("retries", health.retries());
    tree.put("onFailure", Words.of(Words.ON_FAILURE, health.onFailure()));
    return tree;
  }

  private static void probe(Probe probe, Map<String, Object> tree) {
    switch (probe) {
      case Probe.Http http -> tree.put("http", http.url());
      case Probe.Tcp tcp -> tree.put("tcp", tcp.address());
      case Probe.Command command -> tree.put("command", command.command());
    }
  }

  private static Map<String, Object> restart(RestartRule restart) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("policy", Words.of(Words.POLICIES, restart.policy()));
    tree.put(
        "backoff", new DurationRange(restart.backoffFirst(), restart.backoffMost()).toString());
    tree.put("resetAfter", DurationText.format(restart.resetAfter()));
    if (!restart.success().equals(SuccessfulEnds.NONE_BUT_ZERO)) {
      List<Object> success = new ArrayList<>(restart.success().statuses());
      success.addAll(restart.success().signals());
      tree.put("success", success);
    }
    return tree;
  }

  private static Map<String, Object> schedule(Schedule schedule) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("cron", schedule.cron());
    tree.put("timezone", schedule.timezone());
    tree.put("jitter", DurationText.format(schedule.jitter()));
    tree.put("overlap", Words.of(Words.OVERLAPS, schedule.overlap()));
    tree.put("missed", Words.of(Words.MISSED, schedule.missed()));
    return tree;
  }

  private static Map<String, Object> stop(StopRule stop) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("signal", stop.signal());
    tree.put("grace", DurationText.format(stop.grace()));
    return tree;
  }

  private static Map<String, Object> limits(Limits limits) {
    Map<String, Object> tree = new LinkedHashMap<>();
    limits.cpu().ifPresent(cpu -> tree.put("cpu", wholeIfPossible(cpu)));
    limits.memory().ifPresent(memory -> tree.put("memory", SizeText.format(memory)));
    limits.tasks().ifPresent(tasks -> tree.put("tasks", tasks));
    limits.openFiles().ifPresent(openFiles -> tree.put("openFiles", openFiles));
    limits.core().ifPresent(core -> tree.put("core", SizeText.format(core)));
    limits.processes().ifPresent(processes -> tree.put("processes", processes));
    return tree;
  }

  private static Object wholeIfPossible(double value) {
    if (value == Math.rint(value)) {
      return (long) value;
    }
    return value;
  }

  private static Map<String, Object> logs(LogRule logs) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("maxSize", SizeText.format(logs.maxSize()));
    tree.put("keep", logs.keep());
    logs.maxAge().ifPresent(age -> tree.put("maxAge", DurationText.format(age)));
    if (logs.compress()) {
      tree.put("compress", true);
    }
    return tree;
  }

  private static Map<String, Object> hook(Hook hook) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("command", hook.command());
    tree.put("timeout", DurationText.format(hook.timeout()));
    return tree;
  }

  private static Map<String, Object> script(Script script) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("script", script.script());
    if (!script.parameters().isEmpty()) {
      tree.put("parameters", new ArrayList<>(script.parameters()));
    }
    tree.put("timeout", DurationText.format(script.timeout()));
    return tree;
  }
}
