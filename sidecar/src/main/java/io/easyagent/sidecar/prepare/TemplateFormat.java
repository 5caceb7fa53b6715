package io.easyagent.sidecar.prepare;

import java.util.Locale;

/**
 * How a value becomes safe text of a file, by the file's extension.
 *
 * <ul>
 *   <li>{@code .yml}, {@code .yaml}, {@code .json}: inside double quotes the value is escaped as in
 *       JSON; inside YAML's single quotes a quote is doubled; outside quotes the variable must be a
 *       whole value and becomes a JSON string with its quotes, so that {@code 1.10} and {@code no}
 *       stay text. A variable that is only a part of an unquoted value is refused, also within
 *       quotes that stand in the middle of one, and so is one behind a quote that was opened on an
 *       earlier line, or behind what readers of YAML take in different ways. In the lines below
 *       {@code |} and {@code >} the rule for other files holds.
 *   <li>everything else: the value as it is, refused when it holds a control character, a quote, a
 *       backslash, a backtick or a dollar sign, because their meaning there is not known.
 * </ul>
 */
enum TemplateFormat {
  JSON,
  YAML,
  PLAIN,
  /**
   * Arguments of commands and values of the environment: nothing but control characters matters.
   */
  ARGUMENT;

  static TemplateFormat of(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".json")) {
      return JSON;
    }
    return lower.endsWith(".yml") || lower.endsWith(".yaml") ? YAML : PLAIN;
  }
}
