package io.easyagent.sidecar.session;

import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.EventBatchResponse;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.wire.Fields;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Sends the outbox from its head, one batch after another; what is not acknowledged is sent again,
 * in this session or the next. A server that is busy says when to go on; until then the outbox
 * holds everything, and the session lives on.
 */
final class OutboxSender {
  private static final Logger log = Logger.getLogger(OutboxSender.class.getName());
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  private final Journal journal;
  private final ReportCalls calls;
  private final Wakeup changed;

  OutboxSender(Journal journal, ReportCalls calls, Wakeup changed) {
    this.journal = journal;
    this.calls = calls;
    this.changed = changed;
  }

  /** Returns when the session cannot go on; interruptible. */
  SessionEnd run() {
    try {
      while (true) {
        Optional<EventBatch> batch = gather();
        if (batch.isEmpty()) {
          changed.await(SOON);
        } else if (!sendInTurn(batch.get())) {
          return new SessionEnd.Broken(
              "the server acknowledged none of "
                  + batch.get().getEventsCount()
                  + " events from "
                  + batch.get().getEvents(0).getNumber(),
              false);
        }
      }
    } catch (InterruptedException over) {
      return new SessionEnd.Broken("the session is over", false);
    } catch (StatusRuntimeException failure) {
      return Session.broken(failure);
    } catch (JournalException unwritable) {
      return new SessionEnd.Broken(unwritable.getMessage(), false);
    }
  }

  /**
   * What is queued. That an operation started waits for a moment: where its result follows soon, as
   * that of most does, one message says both.
   */
  private Optional<EventBatch> gather() throws InterruptedException {
    Optional<EventBatch> batch = OutboxBatch.next(journal.state());
    // Twice, for the first wait may end at once, by a signal for what is queued already.
    int waits = 2;
    while (waits-- > 0 && batch.filter(OutboxBatch::saysOnlyStarts).isPresent()) {
      changed.await(A_MOMENT);
      batch = OutboxBatch.next(journal.state());
    }
    return batch;
  }

  /** As {@link #send}; true also when the batch is still to be sent, and it is time to. */
  private boolean sendInTurn(EventBatch batch) throws JournalException, InterruptedException {
    try {
      return send(batch);
    } catch (StatusRuntimeException failure) {
      Optional<Duration> after = Pushback.find(failure);
      if (after.isEmpty()) {
        throw failure;
      }
      log.fine(() -> "events wait for " + after.get() + ": " + failure.getStatus());
      new Wakeup().await(after.get());
      return true;
    }
  }

  /** False when nothing was acknowledged: sending the same again at once would be of no use. */
  private boolean send(EventBatch batch) throws JournalException {
    EventBatchResponse response = calls.report(batch);
    response
        .getRejectedList()
        .forEach(rejected ->
            log.warning(
                "the server rejected event " + rejected.getNumber() + ": " + rejected.getReason()));
    long committed =
        Math.min(
            response.getCommittedNumber(), batch.getEvents(batch.getEventsCount() - 1).getNumber());
    journal.append(state ->
        Fields.bytes(state.incarnation()).equals(batch.getIncarnation())
            ? Outbox.acknowledge(state, committed)
            : List.of());
    return committed >= batch.getEvents(0).getNumber();
  }
}
