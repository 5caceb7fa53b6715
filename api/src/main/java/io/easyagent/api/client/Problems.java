package io.easyagent.api.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.easyagent.api.Json;
import io.easyagent.api.Problem;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a server says when it does not do what it was asked. */
final class Problems {
  static final int LIMIT = 256 * 1024;
  private static final int EXCERPT = 200;

  private Problems() {}

  static Problem read(HttpResponse<byte[]> response) {
    return read(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
  }

  /** Also of an answer that is no problem, for example a proxy's page: its status tells most. */
  static Problem read(int status, String body) {
    try {
      Problem problem = Json.LENIENT.readValue(body, Problem.class);
      if (problem != null && problem.code() != null) {
        return new Problem(
            text(problem.type()),
            text(problem.title()),
            status,
            text(problem.detail()),
            problem.code(),
            problem.retryable(),
            problem.errors());
      }
    } catch (JsonProcessingException notAProblem) {
      return foreign(status, body);
    }
    return foreign(status, body);
  }

  private static Problem foreign(int status, String body) {
    String line =
        body.lines().map(String::strip).filter(text -> !text.isEmpty()).findFirst().orElse("");
    String excerpt = line.length() > EXCERPT ? line.substring(0, EXCERPT) + "…" : line;
    String detail = "the answer is HTTP " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
    return new Problem(
        "about:blank", "HTTP " + status, status, detail, code(status), status == 503, List.of());
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "bad-request";
      case 401 -> "unauthenticated";
      case 403 -> "forbidden";
      case 404 -> "not-found";
      case 409 -> "conflict";
      case 413 -> "too-large";
      case 429 -> "too-many-requests";
      case 503 -> "unavailable";
      default -> "internal";
    };
  }

  static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("[0-9]{1,5}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
