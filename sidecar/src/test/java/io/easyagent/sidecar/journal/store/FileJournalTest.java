package io.easyagent.sidecar.journal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.wire.Samples;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  private static final long SIZE = 2L << 20;

  @TempDir Path folder;

  @Test
  void whatWasAppendedIsThereAfterReopening() throws Exception {
    List<JournalEntry> entries = StoredFormTest.entries();
    JournalState before;
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      before = journal.append(state -> entries);
      assertEquals(before, journal.state());
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(before.agents(), journal.state().agents());
      assertEquals(before.session(), journal.state().session());
      assertEquals(before.operations().keySet(), journal.state().operations().keySet());
      assertEquals(before.outbox().keySet(), journal.state().outbox().keySet());
      assertEquals(before.lastNumber(), journal.state().lastNumber());
      assertEquals(before.incarnation(), journal.state().incarnation());
    }
  }

  @Test
  void theIncarnationOfAnEmptyJournalStays() throws Exception {
    UUID incarnation;
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      incarnation = journal.state().incarnation();
      assertEquals(journal.state(), journal.append(state -> List.of()));
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(incarnation, journal.state().incarnation());
    }
  }

  @Test
  void entriesThatDoNotFitTheStateAreRefusedAndNothingIsWritten() throws Exception {
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> journal.append(state -> List.of(queued(2, "x"), queued(9, "y"))));
      assertThrows(
          IllegalStateException.class,
          () ->
              journal.append(state -> {
                throw new IllegalStateException("no");
              }));
      append(journal, 2);
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(2, journal.state().lastNumber());
    }
  }

  @Test
  void concurrentAppendsSeeEachOtherAndAllAreKept() throws Exception {
    int threads = 16;
    int each = 50;
    try (FileJournal journal = FileJournal.open(folder, SIZE);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        work.add(() -> {
          for (int index = 0; index < each; index++) {
            JournalState after =
                journal.append(state -> List.of(queued(state.lastNumber() + 1, "x")));
            assertTrue(journal.state().lastNumber() >= after.lastNumber());
          }
          return null;
        });
      }
      for (Future<Void> done : executor.invokeAll(work)) {
        done.get();
      }
      assertEquals(threads * each, journal.state().lastNumber());
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(threads * each, journal.state().outbox().size());
    }
    // The first frame is the snapshot; the rest are shared by appends of the same moment.
    try (JournalFile file =
        JournalFile.open(
            folder.resolve("journal-000000000001"), payload -> {}, FrameWriter::held)) {
      long synced = file.nextSequence() - 2;
      assertTrue(synced < threads * each, () -> synced + " syncs");
    }
  }

  @Test
  void anInterruptedThreadStillAppends() throws Exception {
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      Thread.currentThread().interrupt();
      append(journal, 1);
      assertTrue(Thread.interrupted());
      append(journal, 2);
      assertEquals(2, journal.state().lastNumber());
    }
  }

  @Test
  void theFilesStayBoundedAndAreCompacted() throws Exception {
    String message = "m".repeat(1_000);
    int appends = 6_000;
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      for (int index = 0; index < appends; index++) {
        journal.append(state ->
            List.of(
                new JournalEntry.EventsAcknowledged(state.lastNumber()),
                queued(state.lastNumber() + 1, message)));
      }
      assertEquals(appends, journal.state().lastNumber());
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(2, names.size(), names::toString);
      assertEquals("spare", names.get(1));
      assertTrue(names.getFirst().compareTo("journal-000000000003") > 0, names::toString);
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(appends, journal.state().lastNumber());
      assertEquals(1, journal.state().outbox().size());
    }
  }

  @Test
  void anOlderFileLeftByACrashIsNotRead() throws Exception {
    Path first = folder.resolve("journal-000000000001");
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
    }
    byte[] old = Files.readAllBytes(first);
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      fill(journal);
      append(journal, journal.state().lastNumber() + 1);
    }
    Files.write(first, old);
    Files.delete(folder.resolve("spare"));
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertTrue(journal.state().lastNumber() > 1);
    }
    assertTrue(Files.notExists(first));
    assertTrue(Files.exists(folder.resolve("spare")));
  }

  @Test
  void aTornLastFrameIsCutAtEveryByte() throws Exception {
    Path file = folder.resolve("journal-000000000001");
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
    }
    byte[] one = Files.readAllBytes(file);
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 2);
    }
    byte[] two = Files.readAllBytes(file);
    int from = used(one);
    int until = used(two);
    assertTrue(until - from > 40);
    for (int cut = from; cut < until; cut++) {
      byte[] torn = two.clone();
      Arrays.fill(torn, cut, until, (byte) 0);
      if (Arrays.equals(torn, two)) {
        continue;
      }
      Files.write(file, torn);
      try (FileJournal journal = FileJournal.open(folder, SIZE)) {
        assertEquals(1, journal.state().lastNumber(), "cut at " + cut);
        append(journal, 2);
      }
      assertArrayEquals(two, Files.readAllBytes(file), "cut at " + cut);
    }
  }

  @Test
  void aHeadOfTheLastFrameThatNeverReachedTheDiskIsCutToo() throws Exception {
    Path file = folder.resolve("journal-000000000001");
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
    }
    int from = used(Files.readAllBytes(file));
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      journal.append(state -> List.of(queued(2, "m".repeat(900))));
    }
    byte[] torn = Files.readAllBytes(file);
    Arrays.fill(torn, from, from + 512, (byte) 0);
    Files.write(file, torn);
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(1, journal.state().lastNumber());
      append(journal, 2);
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertEquals(2, journal.state().lastNumber());
    }
  }

  @Test
  void aFlippedBitBeforeTheLastFrameMakesItUnreadableAndLeavesItAlone() throws Exception {
    Path file = folder.resolve("journal-000000000001");
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
      append(journal, 2);
    }
    int middle = used(Files.readAllBytes(file));
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 3);
    }
    byte[] good = Files.readAllBytes(file);
    List<Integer> read = new ArrayList<>();
    for (int position = 0; position < middle; position++) {
      boolean unused = position >= 12 && position < 16 || position >= 44 && position < 64;
      byte[] damaged = good.clone();
      damaged[position] ^= 0x10;
      Files.write(file, damaged);
      try (FileJournal journal = FileJournal.open(folder, SIZE)) {
        assertEquals(3, journal.state().lastNumber());
        read.add(position);
      } catch (JournalException unreadable) {
        assertTrue(unreadable.getMessage().contains(file.toString()), unreadable::getMessage);
        assertArrayEquals(damaged, Files.readAllBytes(file), "changed at " + position);
      }
      if (unused) {
        continue;
      }
      assertTrue(
          !read.contains(position) || isPadding(good, position),
          "read in spite of damage at " + position);
    }
  }

  @Test
  void aFileCutShortIsUnreadable() throws Exception {
    Path file = folder.resolve("journal-000000000001");
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      append(journal, 1);
    }
    byte[] good = Files.readAllBytes(file);
    for (int length : new int[] {0, 10, 64, 100, good.length / 2}) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThrows(JournalException.class, () -> FileJournal.open(folder, SIZE));
      assertEquals(length, Files.size(file));
    }
  }

  @Test
  void aCommandIsTakenOnlyWithRoomForItsResult() throws Exception {
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      long taken = 0;
      JournalException refusal = null;
      while (refusal == null) {
        long number = taken + 1;
        try {
          journal.append(state ->
              List.of(
                  new JournalEntry.CommandTaken(
                      Samples.taken(number, new Command.Stop(Samples.AGENT)))));
          taken++;
        } catch (Journal.NoRoom full) {
          refusal = full;
        }
      }
      assertTrue(taken >= 4, "taken: " + taken);

      // Plain things do not eat what is reserved.
      String message = "m".repeat(1_000);
      assertThrows(
          Journal.NoRoom.class,
          () -> {
            for (int index = 0; index < 3_000; index++) {
              journal.append(state -> List.of(queued(state.lastNumber() + 1, message)));
            }
          });

      OperationResult large =
          new OperationResult(
              Outcome.SUCCEEDED,
              "ok",
              Optional.empty(),
              new Output(new byte[64 << 10], new byte[64 << 10], 1L << 30),
              Samples.MOMENT,
              Samples.MOMENT);
      for (long number = 1; number <= taken; number++) {
        long ended = number;
        journal.append(state -> {
          List<JournalEntry> entries = new ArrayList<>();
          entries.add(new JournalEntry.OperationEnded(Samples.operation(ended), large));
          entries.addAll(
              Outbox.queue(
                  state,
                  Samples.MOMENT,
                  new OutboxEvent.OperationFinished(
                      Samples.operation(ended), Samples.GENERATION, large)));
          return entries;
        });
      }

      // Acknowledged, there is room again.
      journal.append(state -> Outbox.acknowledge(state, state.lastNumber()));
      journal.append(state ->
          List.of(
              new JournalEntry.CommandTaken(Samples.taken(999, new Command.Stop(Samples.AGENT)))));
    }
    try (FileJournal journal = FileJournal.open(folder, SIZE)) {
      assertTrue(journal.state().operations().containsKey(Samples.operation(999)));
    }
  }

  @Test
  void aClosedJournalRefuses() throws Exception {
    FileJournal journal = FileJournal.open(folder, SIZE);
    journal.close();
    assertThrows(JournalException.class, () -> append(journal, 1));
  }

  private static void fill(FileJournal journal) throws JournalException {
    String message = "m".repeat(1_000);
    for (int index = 0; index < 3_000; index++) {
      journal.append(state ->
          List.of(
              new JournalEntry.EventsAcknowledged(state.lastNumber()),
              queued(state.lastNumber() + 1, message)));
    }
  }

  private static void append(FileJournal journal, long number) throws JournalException {
    journal.append(state -> List.of(queued(number, "event " + number)));
  }

  private static JournalEntry queued(long number, String message) {
    return new JournalEntry.EventQueued(
        number, Samples.MOMENT, new OutboxEvent.AgentHappened(Samples.AGENT, "exited", message));
  }

  private static int used(byte[] file) {
    int end = file.length;
    while (end > 0 && file[end - 1] == 0) {
      end--;
    }
    return (end + 7) & ~7;
  }

  /** Bytes between a frame's end and the next multiple of 8 mean nothing. */
  private static boolean isPadding(byte[] file, int position) {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    int frame = JournalFile.HEADER;
    while (frame < position) {
      int length = buffer.getInt(frame);
      int end = frame + JournalFile.FRAME_HEADER + length;
      int next = frame + JournalFile.FRAME_HEADER + (int) JournalFile.aligned(length);
      if (position >= end && position < next) {
        return true;
      }
      frame = next;
    }
    return false;
  }
}
