package io.easyagent.sidecar.operation.work;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What later steps must know of earlier ones, across lives of the sidecar: a step's note. */
final class OperationMemory {
  private static final int LONGEST = 2_000;

  private final Map<String, String> values = new TreeMap<>();

  static OperationMemory parse(String note) {
    OperationMemory memory = new OperationMemory();
    note.lines()
        .forEach(line -> {
          int equals = line.indexOf('=');
          if (equals > 0) {
            memory.values.put(line.substring(0, equals), line.substring(equals + 1));
          }
        });
    return memory;
  }

  /** It is on disk with the next step. */
  void put(String key, String value) {
    String line = value.replaceAll("\\R", " ");
    values.put(key, line.length() > LONGEST ? line.substring(0, LONGEST) : line);
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  String format() {
    StringBuilder note = new StringBuilder();
    values.forEach((key, value) -> note.append(key).append('=').append(value).append('\n'));
    return note.toString();
  }
}
