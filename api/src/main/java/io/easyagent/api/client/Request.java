package io.easyagent.api.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One call, before it is sent.
 *
 * @param target path and query, encoded
 * @param body a new publisher for every try
 * @param repeatable sent twice it does what it does once
 * @param patience until the whole answer must have come
 */
record Request(
    String method,
    String target,
    Map<String, String> headers,
    Supplier<BodyPublisher> body,
    boolean repeatable,
    Duration patience) {
  static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(10);
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  Request {
    headers = Map.copyOf(headers);
  }

  static Request get(String target) {
    return plain("GET", target, true);
  }

  /** A GET of something large. */
  static Request download(String target) {
    return new Request("GET", target, Map.of(), BodyPublishers::noBody, true, LONG_PATIENCE);
  }

  static Request delete(String target) {
    return plain("DELETE", target, true);
  }

  /** A POST without a body, for what may be asked twice. */
  static Request repeatablePost(String target) {
    return plain("POST", target, true);
  }

  /** A POST that the server accepts once, whatever happens to the answer. */
  static Request keyedPost(String target, String json, IdempotencyKey key) {
    return json("POST", target, json, true).with(IDEMPOTENCY_KEY, key.value());
  }

  static Request json(String method, String target, String json, boolean repeatable) {
    return new Request(
        method,
        target,
        Map.of("Content-Type", "application/json"),
        () -> BodyPublishers.ofString(json, StandardCharsets.UTF_8),
        repeatable,
        PATIENCE);
  }

  private static Request plain(String method, String target, boolean repeatable) {
    return new Request(method, target, Map.of(), BodyPublishers::noBody, repeatable, PATIENCE);
  }

  Request with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Request(method, target, more, body, repeatable, patience);
  }
}
