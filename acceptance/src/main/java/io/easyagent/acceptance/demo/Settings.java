package io.easyagent.acceptance.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@code ./dev demo} hands over.
 *
 * @param easyagent folder of the server and command line distribution
 * @param sidecar folder of the sidecar distribution
 * @param agents folder with the exporter's jars
 * @param java absolute path of the Java that runs the exporter
 * @param keep stay up at the end
 */
record Settings(Path easyagent, Path sidecar, Path agents, Path java, boolean keep) {

  static Settings parse(String... arguments) {
    Map<String, String> values = new HashMap<>();
    boolean keep = false;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (argument.equals("--keep")) {
        keep = true;
      } else if (argument.startsWith("--") && equals > 0) {
        values.put(argument.substring(2, equals), argument.substring(equals + 1));
      } else {
        throw new IllegalArgumentException(argument + " (expected: --keep, or --NAME=PATH)");
      }
    }
    return new Settings(
        existing(values, "easyagent"),
        existing(values, "sidecar"),
        existing(values, "agents"),
        existing(values, "java"),
        keep);
  }

  private static Path existing(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null || !Files.exists(Path.of(value))) {
      throw new IllegalArgumentException(
          "--" + name + ": " + value + " (expected: a path that exists)");
    }
    return Path.of(value).toAbsolutePath();
  }
}
