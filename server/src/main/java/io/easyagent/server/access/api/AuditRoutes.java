package io.easyagent.server.access.api;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Role;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.List;
import java.util.Set;

/** {@code /audit}. */
public final class AuditRoutes {
  private final Audit audit;

  public AuditRoutes(Audit audit) {
    this.audit = audit;
  }

  public List<Route> routes() {
    return List.of(Route.list("/audit", Role.ADMIN, Set.of(), this::list));
  }

  private Answer list(Request request) {
    return Answer.ok(Pages.of(audit.page(request.page()), AuditRoutes::resource));
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
