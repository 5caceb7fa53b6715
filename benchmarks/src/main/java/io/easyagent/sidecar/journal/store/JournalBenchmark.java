package io.easyagent.sidecar.journal.store;

import io.easyagent.benchmarks.jmh.ScratchFolder;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The sidecar's journal: what an append costs, with its sync and without, and adding entries up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalBenchmark {
  private static final int OPERATIONS = 100;
  private static final int ENTRIES = 6;
  private static final AgentId AGENT = new AgentId(new UUID(1, 2));

  private final List<JournalEntry> life = life();
  private final ScratchFolder folder = ScratchFolder.make();
  private final FileJournal synced = open("synced", JournalSettings.USUAL);
  private final FileJournal unsynced =
      open(
          "unsynced",
          new JournalSettings(
              JournalSettings.USUAL.fileSize(),
              JournalSettings.USUAL.writers(),
              JournalBenchmark::withoutSync));

  private FileJournal open(String name, JournalSettings settings) {
    try {
      return FileJournal.open(Files.createDirectory(folder.path().resolve(name)), settings);
    } catch (IOException | JournalException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** What the sync alone costs is the difference. */
  private static FrameWriter withoutSync(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    return new FrameWriter() {
      @Override
      public void write(long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** Commands from their arrival until the server has committed their results. */
  private static List<JournalEntry> life() {
    List<JournalEntry> entries = new ArrayList<>();
    for (int number = 1; number <= OPERATIONS; number++) {
      OperationId id = new OperationId(new UUID(7, number));
      TakenCommand command =
          new TakenCommand(
              id,
              "0".repeat(64),
              "01",
              Duration.ofMinutes(15),
              Instant.EPOCH,
              "web-1",
              Map.of("role", "web"),
              new Command.Exec(
                  Optional.empty(),
                  new Command.Exec.Work.Arguments(List.of("/usr/bin/uptime")),
                  Optional.empty(),
                  Map.of()));
      OperationResult result =
          new OperationResult(
              Outcome.SUCCEEDED,
              "",
              Optional.of(new ProcessEnd.Exited(0)),
              new Output("up 3 days\n".getBytes(StandardCharsets.UTF_8), new byte[0], 10),
              Instant.EPOCH,
              Instant.EPOCH);
      entries.add(new JournalEntry.CommandTaken(command));
      entries.add(new JournalEntry.StepReached(id, "run", "note"));
      entries.add(
          new JournalEntry.EventQueued(
              2L * number - 1, Instant.EPOCH, new OutboxEvent.OperationStarted(id, "01")));
      entries.add(new JournalEntry.OperationEnded(id, result));
      entries.add(
          new JournalEntry.EventQueued(
              2L * number, Instant.EPOCH, new OutboxEvent.OperationFinished(id, "01", result)));
      entries.add(new JournalEntry.EventsAcknowledged(2L * number));
    }
    return entries;
  }

  @TearDown
  public void close() throws IOException {
    synced.close();
    unsynced.close();
    folder.close();
  }

  @Benchmark
  public JournalState appendSynced() throws JournalException {
    return append(synced);
  }

  @Benchmark
  public JournalState appendUnsynced() throws JournalException {
    return append(unsynced);
  }

  private static JournalState append(FileJournal journal) throws JournalException {
    return journal.append(state ->
        List.of(
            new JournalEntry.EventQueued(
                state.lastNumber() + 1,
                Instant.EPOCH,
                new OutboxEvent.AgentHappened(AGENT, "exited", "exit 1, restart in 34 s")),
            new JournalEntry.EventsAcknowledged(state.lastNumber() + 1)));
  }

  /** For one entry of many, as when the journal is opened. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS * ENTRIES)
  public JournalState fold() {
    return JournalState.empty(new UUID(1, 1)).applyAll(life);
  }
}
