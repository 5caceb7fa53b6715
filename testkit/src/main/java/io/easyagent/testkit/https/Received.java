package io.easyagent.testkit.https;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the server saw it.
 *
 * @param target path and query, as they came
 * @param headers by lower-case name
 */
public record Received(
    String method, String target, Map<String, List<String>> headers, String body) {
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** The first value of a header. */
  public Optional<String> header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, List.of()).stream().findFirst();
  }
}
