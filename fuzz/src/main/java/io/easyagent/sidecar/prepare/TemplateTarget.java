package io.easyagent.sidecar.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Templates: whatever a label holds, a YAML file stays the file that it was with a harmless one,
 * and holds that value where the harmless one was. The input is the label's value, a NUL, and the
 * template.
 */
public final class TemplateTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        "web\0a: {{label.x}}\nb: \"{{label.x}} and\"\nc: ['{{label.x}}']\n".getBytes(UTF_8),
        "a: b #\0output: {hosts: [\"{{label.x}}\"], k: {{label.x}}}\n".getBytes(UTF_8),
        " #\0- a: |\n    {{label.x}}\n  b: one\n\n    two\n  c:\n    {{label.x}}\n"
            .getBytes(UTF_8));
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
    attackYaml(template, value);
    try {
      render(template, value, TemplateFormat.PLAIN);
      render(template, value, TemplateFormat.ARGUMENT);
    } catch (PrepareException refused) {
      // as it must be
    }
  }

  private static void attackYaml(String template, String value) {
    // As long as any value of this length can become, since the length of a key matters.
    String harmless = "harmless".repeat(value.length() + 1);
    String other = "innocent".repeat(value.length() + 1);
    String rendered;
    List<String> expected;
    try {
      expected = outline(render(template, harmless, TemplateFormat.YAML));
      List<String> again = outline(render(template, other, TemplateFormat.YAML));
      if (!again.equals(replaced(expected, harmless, other))) {
        return; // The template itself says the word.
      }
      rendered = render(template, value, TemplateFormat.YAML);
    } catch (PrepareException | YamlEngineException refused) {
      return; // The template is no YAML, or the value is refused.
    }
    FuzzTarget.must(
        outline(rendered).equals(replaced(expected, harmless, value)),
        "another document:\n" + rendered);
  }

  private static String render(String template, String value, TemplateFormat format)
      throws PrepareException {
    return Template.render(template, new Variables(Map.of("label.x", value)), format, "file");
  }

  private static List<String> outline(String yaml) {
    List<String> outline = new ArrayList<>();
    for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
      outline.add(
          event instanceof ScalarEvent scalar
              ? withoutBlanks(scalar.getScalarStyle() + scalar.getValue())
              : event.getEventId().toString());
    }
    return outline;
  }

  private static List<String> replaced(List<String> outline, String word, String value) {
    return outline.stream().map(each -> each.replace(word, withoutBlanks(value))).toList();
  }

  /** Lines that are folded lose some, and gain others. */
  private static String withoutBlanks(String text) {
    return text.replaceAll("\\s", "");
  }
}
