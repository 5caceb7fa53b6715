package io.easyagent.simulator.control;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One line of standard output: a flat JSON object whose first member is {@code event}.
 *
 * @param members in their order; numbers and texts
 */
public record Answer(Map<String, Object> members) {

  public static Answer of(String event) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("event", event);
    return new Answer(members);
  }

  /** With one member more. */
  public Answer with(String name, long value) {
    return withAny(name, value);
  }

  /** With one member more, of three digits after the point. */
  public Answer with(String name, double value) {
    return withAny(name, value);
  }

  public Answer with(String name, String value) {
    return withAny(name, value);
  }

  private Answer withAny(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Answer(more);
  }

  /** One line, without its end. */
  public String json() {
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ": " + value(member.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(Object value) {
    return switch (value) {
      case Double number -> String.format(Locale.ROOT, "%.3f", number);
      case Long number -> number.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(character -> {
          if (character == '"' || character == '\\') {
            quoted.append('\\').append((char) character);
          } else if (character < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", character));
          } else {
            quoted.append((char) character);
          }
        });
    return quoted.append('"').toString();
  }
}
