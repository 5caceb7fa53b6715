package io.easyagent.api.client;

import java.util.Optional;

/**
 * Where in an agent's output to begin; an empty query begins with the last 100 lines.
 *
 * @param since with what was printed since: a duration before now ({@code 10m}) or a time of RFC
 *     3339 ({@code 2026-11-22T14:00:00Z})
 * @param tail with the last so many lines at most; at most 10,000
 */
public record LogQuery(Optional<String> since, Optional<Integer> tail) {
  public static LogQuery tail(int lines) {
    return new LogQuery(Optional.empty(), Optional.of(lines));
  }

  public static LogQuery since(String time) {
    return new LogQuery(Optional.of(time), Optional.empty());
  }
}
