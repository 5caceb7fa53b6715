package io.easyagent.api.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the encoded path and query of a request. */
final class Target {
  private final StringBuilder path = new StringBuilder();
  private final List<String> query = new ArrayList<>();

  private Target(String root) {
    path.append(root);
  }

  /** Below {@code /api/v2}; every segment is encoded. */
  static Target api(String... segments) {
    Target target = new Target("/api/v2");
    for (String segment : segments) {
      target.path.append('/').append(encode(segment));
    }
    return target;
  }

  /** Below the root. */
  static Target of(String... segments) {
    Target target = new Target("");
    for (String segment : segments) {
      target.path.append('/').append(encode(segment));
    }
    return target;
  }

  Target query(String name, Optional<?> value) {
    value.ifPresent(present -> query.add(name + "=" + encode(present.toString())));
    return this;
  }

  @Override
  public String toString() {
    return query.isEmpty() ? path.toString() : path + "?" + String.join("&", query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
