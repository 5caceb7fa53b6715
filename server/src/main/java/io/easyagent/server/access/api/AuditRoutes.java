package io.easyagent.server.access.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.AuditHead;
import io.easyagent.server.access.AuditVerification;
import io.easyagent.server.access.Role;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** {@code /audit}. */
public final class AuditRoutes {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Audit audit;

  /** Verifying reads the whole log: one at a time. */
  private final Semaphore verifying = new Semaphore(1);

  public AuditRoutes(Audit audit) {
    this.audit = audit;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/audit", Role.ADMIN, Set.of(), this::list),
        Route.api(GET, "/audit/head", Role.ADMIN, _ -> Answer.ok(resource(audit.head()))),
        Route.api(GET, "/audit/verify", Role.ADMIN, this::verify)
            .withQuery(Set.of("sequence", "hash")));
  }

  private Answer list(Request request) {
    return Answer.ok(Pages.of(audit.page(request.page()), AuditRoutes::resource));
  }

  private Answer verify(Request request) {
    Optional<AuditHead> kept = kept(request);
    if (!verifying.tryAcquire()) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS, "the audit log is being verified (expected: one at a time)");
    }
    try {
      AuditVerification found = audit.verify(kept);
      return Answer.ok(
          new io.easyagent.api.AuditVerification(
              found.fault().isEmpty(),
              found.removed().map(AuditRoutes::resource),
              resource(found.sound()),
              found.fault()));
    } finally {
      verifying.release();
    }
  }

  private static Optional<AuditHead> kept(Request request) {
    OptionalLong sequence = request.queryNumber("sequence");
    Optional<String> hash = request.query("hash");
    if (sequence.isPresent() != hash.isPresent()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "sequence, hash: one of them (expected: both of a head, or none)");
    }
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    if (!HASH.matcher(hash.get()).matches()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "hash: " + Shown.of(hash.get()) + " (expected: 64 hexadecimal digits)");
    }
    if (sequence.orElseThrow() < 0) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "sequence: " + sequence.getAsLong() + " (expected: 0 or more)");
    }
    return Optional.of(new AuditHead(sequence.getAsLong(), hash.get()));
  }

  private static io.easyagent.api.AuditHead resource(AuditHead head) {
    return new io.easyagent.api.AuditHead(head.sequence(), head.hash());
  }

  private static io.easyagent.api.AuditEntry resource(AuditEntry entry) {
    return new io.easyagent.api.AuditEntry(
        entry.sequence(),
        entry.at(),
        entry.origin().actor(),
        entry.origin().address(),
        entry.act().action(),
        entry.act().subject(),
        entry.act().hosts(),
        entry.hash());
  }
}
