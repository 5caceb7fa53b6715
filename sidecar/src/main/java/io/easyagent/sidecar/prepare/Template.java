package io.easyagent.sidecar.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text with variables, {@code {{name}}}. Four braces, {@code {{{{}, stand for two of them.
 * Rendering is one pass: a value that looks like a variable stays as it is.
 */
final class Template {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,255}");

  private Template() {}

  /**
   * @param place what the text is, for messages, for example {@code filebeat.yml}
   */
  static String render(String text, Variables variables, TemplateFormat format, String place)
      throws PrepareException {
    StringBuilder rendered = new StringBuilder(text.length() + 64);
    Quoting quoting = new Quoting(format);
    int line = 1;
    int lineStart = 0;
    int index = 0;
    while (index < text.length()) {
      if (text.startsWith("{{{{", index)) {
        rendered.append("{{");
        quoting.pass('{');
        quoting.pass('{');
        index += 4;
      } else if (text.startsWith("{{", index)) {
        String here = at(place, format, line, index - lineStart + 1);
        int end = text.indexOf("}}", index);
        String name = end < 0 ? "" : text.substring(index + 2, end).strip();
        if (!NAME.matcher(name).matches()) {
          throw new PrepareException(here + ": {{ without a name and }} (expected: {{host.name}})");
        }
        index = end + 2;
        char next = index < text.length() ? text.charAt(index) : '\n';
        rendered.append(quoting.quote(variables.require(name, here), next, here));
      } else {
        char character = text.charAt(index);
        rendered.append(character);
        quoting.pass(character);
        index++;
        if (character == '\n') {
          line++;
          lineStart = index;
        }
      }
    }
    return rendered.toString();
  }

  /** The names between braces, in order; what is no name is left to {@link #render}. */
  static List<String> variables(String text) {
    List<String> names = new ArrayList<>();
    int index = text.indexOf("{{");
    while (index >= 0) {
      if (text.startsWith("{{{{", index)) {
        index += 4;
      } else {
        int end = text.indexOf("}}", index);
        if (end < 0) {
          return names;
        }
        names.add(text.substring(index + 2, end).strip());
        index = end + 2;
      }
      index = text.indexOf("{{", index);
    }
    return names;
  }

  /**
   * The text as it is when it is a secret and nothing else but white space: a key or a certificate,
   * for which no format's rules hold.
   */
  static Optional<String> renderWholeSecret(String text, Variables variables, String place)
      throws PrepareException {
    String only = text.strip();
    List<String> names = variables(text);
    if (names.size() != 1
        || !names.getFirst().startsWith(SecretNames.PREFIX)
        || !only.startsWith("{{")
        || only.indexOf("}}") != only.length() - 2) {
      return Optional.empty();
    }
    String value = variables.require(names.getFirst(), place).text();
    int start = text.indexOf(only);
    return Optional.of(text.substring(0, start) + value + text.substring(start + only.length()));
  }

  /** Each argument is rendered on its own and never split. */
  static List<String> renderCommand(List<String> command, Variables all, String place)
      throws PrepareException {
    Variables variables = all.forCommands();
    List<String> rendered = new ArrayList<>(command.size());
    for (int index = 0; index < command.size(); index++) {
      rendered.add(
          render(
              command.get(index), variables, TemplateFormat.ARGUMENT, place + "[" + index + "]"));
    }
    return rendered;
  }

  private static String at(String place, TemplateFormat format, int line, int column) {
    return format == TemplateFormat.ARGUMENT
        ? place
        : place + ", line " + line + ", column " + column;
  }
}
