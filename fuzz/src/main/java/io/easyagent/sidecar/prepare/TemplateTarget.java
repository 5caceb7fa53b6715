package io.easyagent.sidecar.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Templates: whatever a label holds, a YAML file stays the file that it was with a harmless one,
 * but for that value. The input is the label's value, a NUL, and the template.
 */
public final class TemplateTarget implements FuzzTarget {
  private static final String HARMLESS = "harmless";

  @Override
  public List<byte[]> seeds() {
    return List.of(
        "web\0a: {{label.x}}\nb: \"{{label.x}} and\"\nc: ['{{label.x}}']\n".getBytes(UTF_8),
        "a: b #\0output: {hosts: [\"{{label.x}}\"], k: {{label.x}}}\n".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    String text = new String(input, UTF_8);
    int end = text.indexOf('\0');
    if (end < 0) {
      return;
    }
    String value = text.substring(0, end);
    String template = text.substring(end + 1);
    try {
      String expected = render(template, HARMLESS, TemplateFormat.YAML);
      String rendered = render(template, value, TemplateFormat.YAML);
      FuzzTarget.must(
          kinds(load(rendered)).equals(kinds(load(expected))), "another document:\n" + rendered);
    } catch (PrepareException | YamlEngineException | IllegalArgumentException refused) {
      // The template itself is no YAML, or the value is refused.
    }
    try {
      render(template, value, TemplateFormat.PLAIN);
      render(template, value, TemplateFormat.ARGUMENT);
    } catch (PrepareException refused) {
      // as it must be
    }
  }

  private static String render(String template, String value, TemplateFormat format)
      throws PrepareException {
    return Template.render(template, new Variables(Map.of("label.x", value)), format, "file");
  }

  private static Object load(String yaml) {
    Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return document == null ? "" : document;
  }

  /** What stands where, without the values: the same for every value of the label. */
  private static String kinds(Object node) {
    return switch (node) {
      case null -> "null";
      case Map<?, ?> map ->
          "map" + map.size() + map.values().stream().map(TemplateTarget::kinds).toList();
      case List<?> list -> list.stream().map(TemplateTarget::kinds).toList().toString();
      default -> node.getClass().getSimpleName();
    };
  }
}
