package io.easyagent.server.transport;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;

/** Said with every answer: nothing of this port is to be framed, sniffed, cached or run. */
final class SecurityHeaders {
  static final Map<String, String> ALL =
      Map.of(
          "Strict-Transport-Security", "max-age=31536000",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-store");

  private SecurityHeaders() {}

  static void set(HttpServletResponse response) {
    ALL.forEach(response::setHeader);
  }
}
