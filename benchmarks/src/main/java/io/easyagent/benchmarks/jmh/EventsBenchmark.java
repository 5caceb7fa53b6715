package io.easyagent.benchmarks.jmh;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Database;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.NewEvent;
import io.easyagent.server.telemetry.store.SqlEvents;
import java.time.Instant;
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
import org.openjdk.jmh.annotations.Threads;

/** Events a second into the real store: each thread waits for the commit of what it wrote. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EventsBenchmark {
  private static final int WRITERS = 64;
  private static final int IN_ONE_REPORT = 200;
  private static final NewEvent EVENT =
      new NewEvent(
          Instant.EPOCH,
          Instant.EPOCH,
          Optional.of(new HostId(new UUID(1, 1))),
          Optional.of(new AgentId(new UUID(1, 2))),
          "exited",
          "exit 1, restart in 34 s");

  private final ScratchFolder folder = ScratchFolder.make();
  private final Database database = Database.open(folder.path().resolve("server.db"));
  private final History history = new History(new SqlEvents(), database);

  @TearDown
  public void close() {
    database.close();
    folder.close();
  }

  /** Sixty-four at a time share a commit. */
  @Benchmark
  @Threads(WRITERS)
  public int insertOneEach() {
    return insert(1);
  }

  @Benchmark
  @Threads(1)
  public int insertOneAlone() {
    return insert(1);
  }

  /** As a host's report brings them. */
  @Benchmark
  @Threads(WRITERS)
  @OperationsPerInvocation(IN_ONE_REPORT)
  public int insertReportsOf200() {
    return insert(IN_ONE_REPORT);
  }

  private int insert(int events) {
    return database
        .writer()
        .write(transaction -> {
          for (int event = 0; event < events; event++) {
            history.append(transaction, EVENT);
          }
          return events;
        });
  }
}
