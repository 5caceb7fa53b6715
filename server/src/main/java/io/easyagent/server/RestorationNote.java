package io.easyagent.server;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.store.Restoration;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.telemetry.EventLog;
import io.easyagent.server.telemetry.NewEvent;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A restored store says so, once: in its history, in the audit log and in the server's log. */
final class RestorationNote {
  private static final Logger log = LoggerFactory.getLogger(RestorationNote.class);

  private RestorationNote() {}

  static void write(Transaction transaction, EventLog events, Audit audit, InstantSource clock) {
    Restoration.find(transaction)
        .ifPresent(from -> {
          String message = "restored from " + from;
          events.append(transaction, NewEvent.ofServer(clock.instant(), "restored", message));
          audit.append(
              transaction, AuditEntry.Origin.SERVER, new AuditEntry.Act("server.restore", from, 0));
          Restoration.settled(transaction);
          log.warn("the store was {}", message);
        });
  }
}
