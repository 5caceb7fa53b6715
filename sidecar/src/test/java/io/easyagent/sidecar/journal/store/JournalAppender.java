package io.easyagent.sidecar.journal.store;

import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.wire.Samples;
import java.io.PrintStream;
import java.nio.file.Path;

/** A process of its own that appends until it is killed, and prints what was acknowledged. */
public final class JournalAppender {
  private JournalAppender() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true);
    FileJournal journal = FileJournal.open(Path.of(arguments[0]), 2L << 20);
    while (true) {
      JournalState state =
          journal.append(before -> {
            long number = before.lastNumber() + 1;
            return java.util.List.of(
                new JournalEntry.EventsAcknowledged(number - 100),
                new JournalEntry.EventQueued(
                    number,
                    Samples.MOMENT,
                    new OutboxEvent.AgentHappened(
                        Samples.AGENT, "exited", "m".repeat((int) (number % 7) * 120))));
          });
      out.println(state.lastNumber());
    }
  }
}
