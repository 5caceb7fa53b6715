package io.easyagent.server.secret.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.PUT;

import io.easyagent.definition.Shown;
import io.easyagent.server.access.Role;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.secret.Secret;
import io.easyagent.server.secret.SecretGrant;
import io.easyagent.server.secret.SecretValue;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /secrets}. A value is the whole body, as it is: nothing parses it, so that nothing can
 * repeat a part of it in a message.
 */
public final class SecretRoutes {
  private static final String AGENTS = "agents";
  private static final String ALL_AGENTS = "allAgents";

  private final SecretVault secrets;

  public SecretRoutes(SecretVault secrets) {
    this.secrets = secrets;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/secrets", Role.ADMIN, Set.of(), this::list),
        Route.api(PUT, "/secrets/{name}", Role.ADMIN, this::set)
            .withQuery(Set.of(AGENTS, ALL_AGENTS)),
        Route.api(DELETE, "/secrets/{name}", Role.ADMIN, this::remove));
  }

  private Answer list(Request request) {
    return Answer.ok(Pages.of(secrets.page(request.page()), SecretRoutes::resource));
  }

  private Answer set(Request request) {
    byte[] body = request.bodyBytes();
    SecretVault.Put put =
        secrets.set(
            request.path("name"), SecretValue.of(body), grant(request), Origins.of(request));
    return new Answer.Json(put.created() ? 201 : 200, resource(put.secret()));
  }

  private static Optional<SecretGrant> grant(Request request) {
    Optional<String> names = request.query(AGENTS);
    Optional<String> all = request.query(ALL_AGENTS);
    if (all.isPresent() && (names.isPresent() || !all.get().equals("true"))) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "allAgents: " + Shown.of(all.get()) + " (expected: true, and then no agents)");
    }
    return all.isPresent()
        ? Optional.of(new SecretGrant.AllAgents())
        : names.map(text -> SecretGrant.of(Arrays.asList(text.split(",", -1))));
  }

  private Answer remove(Request request) {
    String name = request.path("name");
    if (!secrets.remove(name, Origins.of(request))) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no secret " + Shown.of(name));
    }
    return Answer.empty();
  }

  private static io.easyagent.api.Secret resource(Secret secret) {
    return new io.easyagent.api.Secret(
        secret.name(),
        secret.version(),
        switch (secret.grant()) {
          case SecretGrant.AllAgents() -> Optional.empty();
          case SecretGrant.Agents(var names) -> Optional.of(List.copyOf(names));
        },
        secret.updatedAt(),
        secret.updatedBy(),
        secret.held(),
        secret.outdated());
  }
}
