package io.easyagent.sidecar.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.stored.StoredEntries;
import io.easyagent.sidecar.journal.stored.StoredEntry;
import io.easyagent.sidecar.journal.stored.StoredFrame;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.sidecar.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The golden file is what an earlier build wrote; it must be readable for good. */
class StoredFormTest {

  /** One of each kind, such that they fold. */
  static List<JournalEntry> entries() {
    return List.of(
        new JournalEntry.IncarnationStarted(new UUID(11, 12)),
        new JournalEntry.SessionOpened(5, "0a0b", Samples.GENERATION),
        new JournalEntry.AgentKept(Samples.agent()),
        new JournalEntry.CommandTaken(
            Samples.taken(1, new Command.Install(Samples.AGENT, Samples.definition(), 7, true))),
        new JournalEntry.CommandTaken(
            Samples.taken(
                2,
                new Command.Exec(
                    Optional.of(Samples.AGENT),
                    new Command.Exec.Work.ShellScript("echo $1", List.of("x")),
                    Optional.of("beats"),
                    Map.of("A", "b")))),
        new JournalEntry.CommandTaken(Samples.taken(3, new Command.Stop(Samples.AGENT))),
        new JournalEntry.StepReached(Samples.operation(1), "unpack", "note"),
        new JournalEntry.OperationEnded(Samples.operation(1), Samples.result()),
        new JournalEntry.OperationForgotten(Samples.operation(3)),
        new JournalEntry.EventQueued(
            1,
            Samples.MOMENT,
            new OutboxEvent.OperationStarted(Samples.operation(1), Samples.GENERATION)),
        new JournalEntry.EventQueued(
            2,
            Samples.MOMENT,
            new OutboxEvent.OperationFinished(
                Samples.operation(1), Samples.GENERATION, Samples.result())),
        new JournalEntry.EventQueued(
            3, Samples.MOMENT, new OutboxEvent.AgentReported(Samples.agent(), Samples.observed())),
        new JournalEntry.EventQueued(
            4, Samples.MOMENT, new OutboxEvent.AgentHappened(Samples.AGENT, "exited", "exit 1")),
        new JournalEntry.EventQueued(
            5, Samples.MOMENT, new OutboxEvent.AgentRemoved(Samples.AGENT)),
        new JournalEntry.EventReplaced(4, new OutboxEvent.Gap(3)),
        new JournalEntry.EventDropped(3),
        new JournalEntry.EventsAcknowledged(1),
        new JournalEntry.AgentForgotten(new io.easyagent.sidecar.agent.AgentId(new UUID(8, 8))));
  }

  @Test
  void entriesAreStoredAsTheyAlwaysWere() throws Exception {
    byte[] stored = StoredForm.encode(entries()).toByteArray();

    assertEquals(golden("entries.hex"), HexFormat.of().formatHex(stored));
    List<JournalEntry> read = StoredForm.decode(StoredEntries.parseFrom(stored));
    assertEquals(
        HexFormat.of().formatHex(stored),
        HexFormat.of().formatHex(StoredForm.encode(read).toByteArray()));
    for (int index = 0; index < read.size(); index++) {
      assertEquals(entries().get(index).getClass(), read.get(index).getClass());
    }
  }

  @Test
  void aSnapshotIsStoredAsItAlwaysWas() throws Exception {
    JournalState state = JournalState.empty(new UUID(0, 1)).applyAll(entries());
    byte[] stored =
        StoredFrame.newBuilder().setSnapshot(StoredForm.encode(state)).build().toByteArray();

    assertEquals(golden("snapshot.hex"), HexFormat.of().formatHex(stored));
    JournalState read = StoredForm.decode(StoredFrame.parseFrom(stored).getSnapshot());
    assertEquals(state.agents(), read.agents());
    assertEquals(state.operations().keySet(), read.operations().keySet());
    assertEquals(state.outbox().keySet(), read.outbox().keySet());
    assertEquals(state.lastNumber(), read.lastNumber());
    assertEquals(state.incarnation(), read.incarnation());
    assertEquals(state.session(), read.session());
    assertEquals(
        HexFormat.of().formatHex(stored),
        HexFormat.of()
            .formatHex(
                StoredFrame.newBuilder()
                    .setSnapshot(StoredForm.encode(read))
                    .build()
                    .toByteArray()));
  }

  @Test
  void whatCameLaterIsStoredAsItWasThen() throws Exception {
    isStoredAs("later.hex", Samples.laterDefinition());
    isStoredAs("hooks.hex", Samples.hookedDefinition());
  }

  private static void isStoredAs(String golden, AgentDefinition definition) throws Exception {
    AgentRecord agent =
        new AgentRecord(Samples.AGENT, definition, 8, DesiredState.RUNNING, Optional.empty());
    byte[] stored = StoredForm.encode(List.of(new JournalEntry.AgentKept(agent))).toByteArray();

    assertEquals(golden(golden), HexFormat.of().formatHex(stored));
    assertEquals(
        List.of(new JournalEntry.AgentKept(agent)),
        StoredForm.decode(StoredEntries.parseFrom(stored)));
  }

  @Test
  void aScheduledAgentIsStoredAsItWasThen() throws Exception {
    AgentRecord agent =
        new AgentRecord(
            Samples.AGENT,
            Samples.scheduledDefinition(),
            9,
            DesiredState.RUNNING,
            Optional.empty());
    byte[] stored = StoredForm.encode(List.of(new JournalEntry.AgentKept(agent))).toByteArray();

    assertEquals(golden("scheduled.hex"), HexFormat.of().formatHex(stored));
    assertEquals(
        List.of(new JournalEntry.AgentKept(agent)),
        StoredForm.decode(StoredEntries.parseFrom(stored)));
  }

  @Test
  void anEntryOfAnUnknownKindIsNotSkipped() {
    StoredEntries unknown =
        StoredEntries.newBuilder().addEntries(StoredEntry.getDefaultInstance()).build();

    assertThrows(WireException.class, () -> StoredForm.decode(unknown));
  }

  private static String golden(String name) throws IOException {
    try (InputStream file = StoredFormTest.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IOException("no golden file " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s", "");
    }
  }
}
