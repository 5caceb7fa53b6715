package io.easyagent.sidecar.prepare;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks names that become parts of paths: nothing in them may climb, hide or collide. */
public final class PathNames {
  private static final Pattern AGENT = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}");
  private static final int MOST_BYTES_OF_A_SEGMENT = 255;

  private PathNames() {}

  static String requireAgentName(String name) throws PrepareException {
    if (!AGENT.matcher(name).matches() || name.contains("..")) {
      throw new PrepareException(
          "name: "
              + shown(name)
              + " (expected: 1 to 63 lower-case letters, digits, dots and dashes)");
    }
    return name;
  }

  public static String requireVersion(String version) throws PrepareException {
    if (!VERSION.matcher(version).matches() || version.contains("..") || version.endsWith(".new")) {
      throw new PrepareException(
          "package version: "
              + shown(version)
              + " (expected: 1 to 128 letters, digits and ._+~-, not ending with .new)");
    }
    return version;
  }

  /** A relative path of ordinary segments. */
  static String requireRelative(String what, String path) throws PrepareException {
    if (path.isEmpty() || path.startsWith("/")) {
      throw new PrepareException(what + ": " + shown(path) + " (expected: a relative path)");
    }
    for (String segment : path.split("/", -1)) {
      requireSegment(what, path, segment);
    }
    return path;
  }

  /** One part of a path is an ordinary name. */
  static void requireSegment(String what, String path, String segment) throws PrepareException {
    boolean ordinary =
        !segment.isEmpty()
            && !segment.equals(".")
            && !segment.equals("..")
            && segment.chars().noneMatch(Character::isISOControl)
            && segment.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES_OF_A_SEGMENT;
    if (!ordinary) {
      throw new PrepareException(
          what + ": " + shown(path) + " (expected: no empty, \".\" or \"..\" part)");
    }
  }

  /** Bounded and without control characters, for messages. */
  public static String shown(String text) {
    String bounded = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return bounded
        .codePoints()
        .map(point -> Character.isISOControl(point) ? '?' : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
