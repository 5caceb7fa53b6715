package io.easyagent.server.access.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.GET;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.Token;
import io.easyagent.api.TokenRequest;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.Role;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code /tokens} and {@code /whoami}. */
public final class TokenRoutes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@ -]{0,62}");
  private static final int MOST_HOSTS = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private final OperatorTokens tokens;

  public TokenRoutes(OperatorTokens tokens) {
    this.tokens = tokens;
  }

  public List<Route> routes() {
    return List.of(
        Route.api(POST, "/tokens", Role.ADMIN, this::create),
        Route.list("/tokens", Role.ADMIN, java.util.Set.of(), this::list),
        Route.api(DELETE, "/tokens/{id}", Role.ADMIN, this::revoke),
        Route.api(
                GET,
                "/whoami",
                Role.VIEWER,
                request -> Answer.ok(resource(request.caller(), Optional.empty())))
            .scoped());
  }

  private Answer create(Request request) {
    TokenRequest wanted = request.body(TokenRequest.class);
    if (!NAME.matcher(wanted.name()).matches()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "name: "
              + Shown.of(wanted.name())
              + " (expected: 1 to 63 letters, digits, blanks and . _ @ -)");
    }
    Role role = role(wanted.role());
    boolean exec = wanted.exec().orElse(false);
    if (exec && role == Role.VIEWER) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "exec: true (expected: false, as the role is viewer)");
    }
    Duration lifetime =
        wanted
            .lifetime()
            .map(text ->
                Request.duration("lifetime", text, SHORTEST, OperatorTokens.LONGEST_LIFETIME))
            .orElse(OperatorTokens.USUAL_LIFETIME);
    OperatorTokens.Created created =
        tokens.createBy(
            request.caller(),
            new OperatorTokens.Wanted(
                wanted.name(), role, exec, mostHosts(wanted), wanted.hosts(), lifetime),
            Origins.of(request));
    return Answer.created(resource(created.token(), Optional.of(created.secret())));
  }

  private static OptionalInt mostHosts(TokenRequest wanted) {
    wanted
        .maxHosts()
        .filter(most -> most < 1 || most > MOST_HOSTS)
        .ifPresent(most -> {
          throw new RefusedException(
              ErrorCode.BAD_REQUEST,
              "maxHosts: %d (expected: 1 to %d)".formatted(most, MOST_HOSTS));
        });
    return wanted.maxHosts().map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private Answer list(Request request) {
    return Answer.ok(
        Pages.of(tokens.page(request.page()), token -> resource(token, Optional.empty())));
  }

  private Answer revoke(Request request) {
    UUID id = request.id("id", "token");
    if (!tokens.revoke(id, Origins.of(request))) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no token " + id);
    }
    return Answer.empty();
  }

  private static Token resource(OperatorToken token, Optional<String> secret) {
    return new Token(
        token.id(),
        token.name(),
        role(token.role()),
        token.exec(),
        token.mostHosts().isPresent()
            ? Optional.of(token.mostHosts().getAsInt())
            : Optional.empty(),
        token.hosts(),
        token.createdAt(),
        token.expiresAt(),
        secret);
  }

  private static Token.Role role(Role role) {
    return switch (role) {
      case VIEWER -> Token.Role.viewer;
      case OPERATOR -> Token.Role.operator;
      case ADMIN -> Token.Role.admin;
    };
  }

  private static Role role(Token.Role role) {
    return switch (role) {
      case viewer -> Role.VIEWER;
      case operator -> Role.OPERATOR;
      case admin -> Role.ADMIN;
    };
  }
}
