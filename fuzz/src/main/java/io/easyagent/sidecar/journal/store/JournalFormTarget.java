package io.easyagent.sidecar.journal.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.stored.StoredFrame;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.wire.WireException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What a journal's frames hold: what is read is written and read back as the same. */
public final class JournalFormTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    OperationId operation = new OperationId(new UUID(3, 4));
    return List.of(
        StoredFrame.newBuilder()
            .setEntries(
                StoredForm.encode(
                    List.of(
                        new JournalEntry.IncarnationStarted(new UUID(1, 2)),
                        new JournalEntry.SessionOpened(5, "0a0b", "0102"),
                        new JournalEntry.StepReached(operation, "unpack", "note"),
                        new JournalEntry.EventQueued(
                            1,
                            Instant.EPOCH,
                            new OutboxEvent.AgentHappened(
                                new AgentId(new UUID(5, 6)), "exited", "exit 1")),
                        new JournalEntry.OperationForgotten(operation))))
            .build()
            .toByteArray());
  }

  @Override
  public void attack(byte[] input) throws WireException {
    List<JournalEntry> read;
    try {
      read = StoredForm.decode(StoredFrame.parseFrom(input).getEntries());
    } catch (InvalidProtocolBufferException | WireException refused) {
      return;
    }
    FuzzTarget.must(
        StoredForm.decode(StoredForm.encode(read)).equals(read), "not the same again: " + read);
  }
}
