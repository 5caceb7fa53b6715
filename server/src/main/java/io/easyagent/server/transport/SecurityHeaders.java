package io.easyagent.server.transport;

import jakarta.servlet.http.HttpServletResponse;

/** Said with every answer: nothing of this port is to be framed, sniffed, cached or run. */
final class SecurityHeaders {
  private SecurityHeaders() {}

  static void set(HttpServletResponse response) {
    response.setHeader("Strict-Transport-Security", "max-age=31536000");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cache-Control", "no-store");
  }
}
