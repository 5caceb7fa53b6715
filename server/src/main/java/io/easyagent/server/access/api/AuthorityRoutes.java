package io.easyagent.server.access.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.GET;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.Authority;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.CertificateStore.Unmoved;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.Role;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.List;
import java.util.Set;

/** {@code /authorities}: who issues certificates, and the change from one to the next. */
public final class AuthorityRoutes {
  private static final int NAMES = 5;

  private final Authorities authorities;
  private final HostCertificates certificates;
  private final Audit audit;

  public AuthorityRoutes(Authorities authorities, HostCertificates certificates, Audit audit) {
    this.authorities = authorities;
    this.certificates = certificates;
    this.audit = audit;
  }

  public List<Route> routes() {
    return List.of(
        Route.api(GET, "/authorities", Role.VIEWER, request -> show()),
        Route.api(POST, "/authorities", Role.ADMIN, this::rotate),
        Route.api(DELETE, "/authorities/{fingerprint}", Role.ADMIN, this::retire)
            .withQuery(Set.of("force")));
  }

  private Answer show() {
    return Answer.ok(resource());
  }

  private Answer rotate(Request request) {
    audit.announce(Origins.of(request), new AuditEntry.Act("authority.rotate", "", 0));
    authorities.rotate();
    return Answer.created(resource());
  }

  private Answer retire(Request request) {
    String fingerprint = request.path("fingerprint");
    boolean force = request.query("force").map(AuthorityRoutes::flag).orElse(false);
    Unmoved left = certificates.unmoved(issuing(), NAMES);
    audit.announce(
        Origins.of(request),
        new AuditEntry.Act(
            "authority.retire", fingerprint + (force ? " by force" : ""), left.count()));
    if (left.count() > 0 && !force) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          left.count()
              + (left.count() == 1 ? " host has" : " hosts have")
              + " no certificate of the new authority yet: "
              + String.join(", ", left.names())
              + (left.count() > left.names().size() ? ", …" : "")
              + " (wait for them, remove them, or force it: they must then be enrolled anew)");
    }
    authorities.retire(fingerprint);
    return Answer.ok(resource());
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RefusedException(
              ErrorCode.BAD_REQUEST, "force: " + text + " (expected: true or false)");
    };
  }

  private String issuing() {
    return authorities.standings().getFirst().fingerprint();
  }

  private io.easyagent.api.Authorities resource() {
    Unmoved left = certificates.unmoved(issuing(), NAMES);
    return new io.easyagent.api.Authorities(
        authorities.standings().stream()
            .map(each ->
                new Authority(
                    each.fingerprint(),
                    each.certificate().getSubjectX500Principal().getName(),
                    each.issuing() ? Authority.Role.issuing : Authority.Role.retiring,
                    each.certificate().getNotBefore().toInstant(),
                    each.certificate().getNotAfter().toInstant()))
            .toList(),
        authorities.pinnedFingerprint(),
        authorities.server().expires(),
        left.count(),
        left.names(),
        authorities.trustedPem());
  }
}
