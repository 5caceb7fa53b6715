package io.easyagent.server.access.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Installation;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.EnrollToken;
import io.easyagent.server.access.EnrollTokens;
import io.easyagent.server.access.NewEnrollToken;
import io.easyagent.server.access.Role;
import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** {@code /enroll-tokens}. */
public final class EnrollTokenRoutes {
  private static final Duration USUAL_LIFETIME = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  private final EnrollTokens tokens;
  private final Audit audit;
  private final Supplier<String> fingerprint;
  private final String server;
  private final Supplier<String> operatorUrl;
  private final SidecarArchives archives;

  /**
   * @param fingerprint of the CA's certificate, as it is at this moment
   * @param server address and port that hosts connect to
   * @param operatorUrl of the port that these routes are on, from the configuration: what a request
   *     says of it is not believed
   */
  public EnrollTokenRoutes(
      EnrollTokens tokens,
      Audit audit,
      Supplier<String> fingerprint,
      String server,
      Supplier<String> operatorUrl,
      SidecarArchives archives) {
    this.tokens = tokens;
    this.audit = audit;
    this.fingerprint = fingerprint;
    this.server = server;
    this.operatorUrl = operatorUrl;
    this.archives = archives;
  }

  public List<Route> routes() {
    return List.of(
        Route.api(POST, "/enroll-tokens", Role.ADMIN, this::create),
        Route.list("/enroll-tokens", Role.ADMIN, Set.of(), this::list),
        Route.api(DELETE, "/enroll-tokens/{id}", Role.ADMIN, this::revoke));
  }

  private Answer create(Request request) {
    EnrollTokenRequest wanted = request.body(EnrollTokenRequest.class);
    Map<String, String> labels = wanted.labels().orElse(Map.of());
    int uses = wanted.uses().orElse(1);
    boolean ephemeral = wanted.ephemeral().orElse(false);
    Duration lifetime =
        wanted
            .lifetime()
            .map(text -> Request.duration("lifetime", text, SHORTEST, LONGEST))
            .orElse(USUAL_LIFETIME);
    EnrollTokens.Created created =
        tokens.create(
            new NewEnrollToken(
                labels,
                uses,
                lifetime,
                wanted.networks().orElse(List.of()),
                ephemeral,
                request.caller().name()),
            audit.entry(
                Origins.of(request),
                new AuditEntry.Act(
                    "enroll-token.create",
                    "labels "
                        + new TreeMap<>(labels)
                        + ", uses "
                        + uses
                        + (ephemeral ? ", ephemeral" : ""),
                    0)));
    return Answer.created(resource(created.token(), Optional.of(created.secret())));
  }

  private Answer list(Request request) {
    return Answer.ok(
        Pages.of(tokens.page(request.page()), token -> resource(token, Optional.empty())));
  }

  private Answer revoke(Request request) {
    UUID id = request.id("id", "enrolment token");
    AuditEntry.Act act = new AuditEntry.Act("enroll-token.revoke", id.toString(), 0);
    if (!tokens.revoke(id, audit.entry(Origins.of(request), act))) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no enrolment token " + id);
    }
    return Answer.empty();
  }

  private io.easyagent.api.EnrollToken resource(EnrollToken token, Optional<String> secret) {
    return new io.easyagent.api.EnrollToken(
        token.id(),
        secret,
        new TreeMap<>(token.labels()),
        token.uses(),
        token.usesLeft(),
        token.networks(),
        token.ephemeral(),
        token.createdAt(),
        token.expiresAt(),
        token.createdBy(),
        fingerprint.get(),
        server,
        secret.isPresent() ? installation() : Optional.empty());
  }

  private Optional<Installation> installation() {
    return archives
        .script()
        .map(script ->
            new Installation(
                operatorUrl.get(),
                script.sha256(),
                new TreeMap<>(archives.archives())
                    .entrySet().stream()
                        .map(each ->
                            new Installation.Archive(
                                each.getKey(), each.getValue().name(), each.getValue().sha256()))
                        .toList()));
  }
}
