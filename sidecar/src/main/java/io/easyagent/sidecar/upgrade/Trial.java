package io.easyagent.sidecar.upgrade;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is tried, for which operation, and until when. Its stored form is lines of {@code key=value}
 * that the guard, a shell script, reads too; the last line tells that it is whole. Versions before
 * and after this one read it: no key is ever given a second meaning.
 *
 * @param within how long it may take until it is confirmed
 * @param boot the boot in which it began
 * @param began the time since that boot
 */
public record Trial(UUID operation, What what, Duration within, String boot, Duration began) {
  private static final String END = "end";

  /** What is on trial. */
  public sealed interface What {

    /**
     * @param from what is gone back to
     */
    record Version(String from, String to) implements What {}

    /**
     * @param file what was there is kept beside it
     * @param hadFormer whether anything was there
     * @param digest SHA-256 of what is tried
     */
    record Configuration(Path file, boolean hadFormer, String digest) implements What {}
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "operation", operation);
    switch (what) {
      case What.Version(String from, String to) -> {
        line(text, "kind", "version");
        line(text, "from", from);
        line(text, "to", to);
      }
      case What.Configuration(Path file, boolean hadFormer, String digest) -> {
        line(text, "kind", "configuration");
        line(text, "file", file);
        line(text, "former", hadFormer ? "yes" : "no");
        line(text, "digest", digest);
      }
    }
    line(text, "within", within.toSeconds());
    line(text, "boot", boot);
    line(text, "began", began.toSeconds());
    return text.append(END).append('\n').toString();
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }

  /** Empty when it is not one, or not whole. */
  static Optional<Trial> parse(String text) {
    if (!text.endsWith("\n" + END + "\n")) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    text.lines()
        .filter(line -> line.indexOf('=') > 0)
        .forEach(line ->
            values.put(
                line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    try {
      return Optional.of(
          new Trial(
              UUID.fromString(require(values, "operation")),
              what(values),
              Duration.ofSeconds(Long.parseLong(require(values, "within"))),
              require(values, "boot"),
              Duration.ofSeconds(Long.parseLong(require(values, "began")))));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static What what(Map<String, String> values) {
    String kind = require(values, "kind");
    return switch (kind) {
      case "version" -> new What.Version(require(values, "from"), require(values, "to"));
      case "configuration" ->
          new What.Configuration(
              Path.of(require(values, "file")),
              require(values, "former").equals("yes"),
              require(values, "digest"));
      default -> throw new IllegalArgumentException("kind: " + kind);
    };
  }

  private static String require(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": missing");
    }
    return value;
  }
}
