package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.easyagent.benchmarks.jmh.ScratchFolder;
import io.easyagent.definition.AgentType;
import io.easyagent.protocol.AgentEvent;
import io.easyagent.protocol.AgentReport;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.fleet.store.SqlSessions;
import io.easyagent.server.operation.HostWord;
import io.easyagent.server.operation.OperationChanges;
import io.easyagent.server.operation.OperationProgress;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.session.EventsAnswer;
import io.easyagent.server.session.NumberedEvent;
import io.easyagent.server.session.Reports;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.store.SqlEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What one event of a host's report costs: half of them states of agents, half plain events. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReportBenchmark {
  private static final int EVENTS = 200;
  private static final HostId HOST = new HostId(new UUID(1, 1));
  private static final AgentId AGENT = new AgentId(new UUID(1, 2));
  private static final String INCARNATION = "0a0b";
  private static final long EPOCH = 1;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  private final ReportCodec codec = new ReportCodec(CLOCK);
  private final byte[] report = report();
  private final ScratchFolder folder = ScratchFolder.make();
  private final Database database = Database.open(folder.path().resolve("server.db"));
  private final SqlSessions sessions = new SqlSessions();
  private final SqlAgents agents = new SqlAgents();
  private final Reports reports = reports();
  private long committed;

  private static byte[] report() {
    EventBatch.Builder batch = EventBatch.newBuilder().setIncarnation(WireIds.bytes(INCARNATION));
    ByteString agent = WireIds.bytes(AGENT.value());
    for (int number = 1; number <= EVENTS; number++) {
      Event.Builder event =
          Event.newBuilder().setOccurredAt(Timestamp.newBuilder().setSeconds(1_767_225_600));
      if (number % 2 == 0) {
        event.setAgentEvent(
            AgentEvent.newBuilder()
                .setAgentId(agent)
                .setKind("exited")
                .setMessage("exit 1, restart in 34 s"));
      } else {
        event.setAgentReport(
            AgentReport.newBuilder()
                .setAgentId(agent)
                .setName("filebeat")
                .setPid(number)
                .setRestarts(number)
                .setCause("exit 1, retry in 34s")
                .addConditions("no cgroup"));
      }
      batch.addEvents(
          io.easyagent.protocol.NumberedEvent.newBuilder().setNumber(number).setEvent(event));
    }
    return batch.build().toByteArray();
  }

  private Reports reports() {
    SqlOperations operations = new SqlOperations();
    return new Reports(
        sessions,
        agents,
        new HostWord(
            operations,
            new OperationProgress(operations, agents, new OperationChanges(), _ -> {}, CLOCK),
            agents,
            CLOCK),
        new History(new SqlEvents(), database),
        database.writer(),
        CLOCK,
        "01");
  }

  @Setup
  public void open() {
    database.writer().run(this::openSession);
  }

  private void openSession(Transaction transaction) {
    new SqlHosts().insert(transaction, HOST, "web-1", "m", Map.of("role", "web"), Instant.EPOCH);
    agents.insert(
        transaction,
        AGENT,
        HOST,
        new DefinitionText("filebeat", AgentType.SERVICE, Optional.empty(), "{}"),
        1,
        DesiredState.RUNNING);
    sessions.open(
        transaction,
        HOST,
        EPOCH - 1,
        new NewSession(
            EPOCH,
            "0c",
            Optional.empty(),
            "01",
            new Life("m", "b", "i", "web-1", "192.0.2.1"),
            "2.0.0",
            Set.of(),
            Map.of()),
        Instant.EPOCH);
    sessions.putInventory(transaction, HOST, EPOCH, List.of());
    sessions.putCommitted(transaction, HOST, INCARNATION, 0, Instant.EPOCH);
  }

  @TearDown
  public void close() {
    database.close();
    folder.close();
  }

  /** From the bytes to values that are bounded and clean. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<NumberedEvent> decode() throws InvalidProtocolBufferException {
    return EventBatch.parseFrom(report).getEventsList().stream().map(codec::numbered).toList();
  }

  /** From the bytes to the answer after the commit; one report at a time. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public EventsAnswer decodeAndApply() throws InvalidProtocolBufferException {
    long before = committed;
    committed += EVENTS;
    EventsAnswer answer =
        reports.events(
            HOST,
            EPOCH,
            INCARNATION,
            decode().stream()
                .map(event ->
                    new NumberedEvent(before + event.number(), event.occurredAt(), event.event()))
                .toList());
    if (answer.committedNumber() != committed || !answer.rejected().isEmpty()) {
      throw new IllegalStateException("not taken: " + answer);
    }
    return answer;
  }
}
