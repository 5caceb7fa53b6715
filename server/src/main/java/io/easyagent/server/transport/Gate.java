package io.easyagent.server.transport;

import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.RateLimit;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place where callers are authenticated. It stands before every route, known or not; only
 * {@link OpenRoutes} are let through without a token.
 */
final class Gate {
  private static final String CALLER = "caller";
  private static final String SCHEME = "bearer ";

  private final OperatorTokens tokens;
  private final RateLimit failures;

  Gate(OperatorTokens tokens, RateLimit failures) {
    this.tokens = tokens;
    this.failures = failures;
  }

  /**
   * Authenticates the request's caller.
   *
   * @throws RefusedException UNAUTHENTICATED, or TOO_MANY_REQUESTS after too many of those
   */
  void admit(Context context) {
    if (OpenRoutes.contains(context.req().getMethod(), context.path())) {
      return;
    }
    InetAddress address = address(context);
    if (!failures.allows(address)) {
      context.header(Header.RETRY_AFTER, "60");
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS,
          "too many failed authentications from "
              + address.getHostAddress()
              + " (expected: wait a minute)");
    }
    Optional<OperatorToken> caller =
        secret(context.header(Header.AUTHORIZATION)).flatMap(tokens::authenticate);
    if (caller.isEmpty()) {
      failures.failed(address);
      context.header(Header.WWW_AUTHENTICATE, "Bearer realm=\"easyagent\"");
      throw new RefusedException(
          ErrorCode.UNAUTHENTICATED,
          "no valid token (expected: the header Authorization: Bearer ea_…)");
    }
    context.attribute(CALLER, caller.get());
  }

  /** Whether a caller who was admitted would be again: tokens are revoked, and expire. */
  boolean stillAdmits(Optional<OperatorToken> caller) {
    return caller.map(tokens::isValid).orElse(true);
  }

  /** Who was admitted; nobody on open routes. */
  Optional<OperatorToken> caller(Context context) {
    return Optional.ofNullable(context.attribute(CALLER));
  }

  /**
   * @throws RefusedException FORBIDDEN when the route asks for more than the caller may
   */
  void checkRights(Route route, Optional<OperatorToken> caller) {
    if (route.role().isEmpty()) {
      return;
    }
    if (caller.isEmpty()) {
      throw new IllegalStateException(route.path() + ": no caller on a route that is not open");
    }
    if (!caller.get().role().allows(route.role().get())) {
      throw new RefusedException(
          ErrorCode.FORBIDDEN,
          "the token %s is for the role %s (expected: %s)"
              .formatted(
                  caller.get().name(), caller.get().role().text(), route.role().get().text()));
    }
    if (caller.get().hosts().isPresent() && !route.withinScope()) {
      throw new RefusedException(
          ErrorCode.FORBIDDEN,
          "the token %s is for the hosts %s only (expected: a token for every host)"
              .formatted(caller.get().name(), caller.get().hosts().get()));
    }
  }

  private static InetAddress address(Context context) {
    String text = context.req().getRemoteAddr();
    // Jetty writes IPv6 addresses in brackets.
    return InetAddress.ofLiteral(
        text.startsWith("[") ? text.substring(1, text.length() - 1) : text);
  }

  private static Optional<String> secret(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(text -> text.substring(SCHEME.length()).strip());
  }
}
