package io.easyagent.server.transport;

import io.easyagent.server.access.AuditEntry;

/** Who asks and from where, for the audit log. */
public final class Origins {
  private Origins() {}

  public static AuditEntry.Origin of(Request request) {
    return new AuditEntry.Origin(request.caller().name(), request.from());
  }
}
