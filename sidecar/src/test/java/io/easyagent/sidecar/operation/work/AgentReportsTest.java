package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.ObservedAgent.Health;
import io.easyagent.sidecar.agent.ObservedAgent.State;
import io.easyagent.sidecar.journal.FakeJournal;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentReportsTest {
  private static final AgentId KNOWN = new AgentId(new UUID(1, 1));
  private static final AgentId UNKNOWN = new AgentId(new UUID(1, 2));

  private final FakeClock clock = new FakeClock();
  private final FakeJournal journal = new FakeJournal();
  private final AgentReports reports = new AgentReports(journal, clock, clock.scheduler());

  @BeforeEach
  void keepAnAgent() throws Exception {
    AgentRecord agent =
        new AgentRecord(
            KNOWN,
            SampleDefinitions.withFiles(List.of()),
            1,
            DesiredState.RUNNING,
            Optional.empty());
    journal.append(state -> List.of(new JournalEntry.AgentKept(agent)));
  }

  private static ObservedAgent observed(State state) {
    return new ObservedAgent(
        state, Health.NONE, Instant.EPOCH, 0, "", OptionalInt.empty(), Optional.empty(), List.of());
  }

  private List<OutboxEvent> outbox() {
    return journal.state().outbox().values().stream().map(queued -> queued.event()).toList();
  }

  @Test
  void writesNothingOnTheMailbox() {
    reports.changed(KNOWN, observed(State.RUNNING));
    reports.happened(KNOWN, "started", "pid 1");
    assertTrue(outbox().isEmpty());
    clock.advance(Duration.ZERO);
    assertEquals(2, outbox().size());
  }

  @Test
  void keepsTheOrderOfWhatHappenedAndTheLastState() {
    reports.happened(KNOWN, "exited", "exit 1");
    reports.changed(KNOWN, observed(State.BACKING_OFF));
    reports.happened(KNOWN, "started", "pid 2");
    reports.changed(KNOWN, observed(State.RUNNING));
    clock.advance(Duration.ZERO);
    assertEquals(
        List.of(
            new OutboxEvent.AgentHappened(KNOWN, "exited", "exit 1"),
            new OutboxEvent.AgentHappened(KNOWN, "started", "pid 2")),
        outbox().subList(0, 2));
    assertEquals(State.RUNNING, ((OutboxEvent.AgentReported) outbox().get(2)).observed().state());
    assertEquals(3, outbox().size());
  }

  @Test
  void doesNotReportAnAgentThatIsNotKept() {
    reports.changed(UNKNOWN, observed(State.RUNNING));
    clock.advance(Duration.ZERO);
    assertTrue(outbox().isEmpty());
  }

  @Test
  void aStateThatCouldNotBeWrittenGoesWithTheNext() {
    journal.fail(new Journal.JournalException("disk full"));
    reports.changed(KNOWN, observed(State.RUNNING));
    clock.advance(Duration.ZERO);
    journal.recover();
    reports.happened(KNOWN, "healthy", "");
    clock.advance(Duration.ZERO);
    assertEquals(2, outbox().size());
  }

  @Test
  void whatIsToldOnceIsKeptOnlyWhenItIsInTheJournal() {
    AtomicInteger kept = new AtomicInteger();
    journal.fail(new Journal.JournalException("disk full"));
    reports.happened(KNOWN, "exited", "exit 1", kept::incrementAndGet);
    clock.advance(Duration.ZERO);
    assertEquals(0, kept.get());
    journal.recover();
    reports.happened(KNOWN, "exited", "exit 2", kept::incrementAndGet);
    assertEquals(0, kept.get());
    clock.advance(Duration.ZERO);
    assertEquals(1, kept.get());
  }

  @Test
  void countsWhatItDrops() {
    for (int index = 0; index < Outbox.MOST_PLAIN_EVENTS + 3; index++) {
      reports.happened(KNOWN, "exited", "exit 1");
    }
    clock.advance(Duration.ZERO);
    assertTrue(outbox().contains(new OutboxEvent.Gap(3)));
  }
}
