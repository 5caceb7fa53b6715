package io.easyagent.sidecar.session;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One event of many that wait in the outbox, from the journal's state to the bytes of a report. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OutboxBenchmark {
  private static final int EVENTS = OutboxBatch.MOST_EVENTS;
  private static final AgentId AGENT = new AgentId(new UUID(1, 2));

  private final JournalState state = full();

  private static JournalState full() {
    List<JournalEntry> entries = new ArrayList<>();
    for (int number = 1; number <= EVENTS; number++) {
      entries.add(
          new JournalEntry.EventQueued(
              number,
              Instant.EPOCH,
              new OutboxEvent.AgentHappened(AGENT, "exited", "exit 1, restart in 34 s")));
    }
    return JournalState.empty(new UUID(1, 1)).applyAll(entries);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public byte[] frame() {
    return OutboxBatch.next(state).orElseThrow().toByteArray();
  }
}
