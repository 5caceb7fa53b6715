package io.easyagent.benchmarks.retention;

import io.easyagent.definition.AgentType;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Command.Exec.Work;
import io.easyagent.server.operation.End;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.OperationStore.NewBatchRow;
import io.easyagent.server.operation.OperationStore.NewOperationRow;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.NewEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Writes what a fleet's days bring, as the server writes it: a batch at once, ends in groups. */
final class StoredFleet {
  private static final int HOURS = 24;
  private static final int ENDS_AT_ONCE = 500;
  private static final Duration DEADLINE = Duration.ofMinutes(15);
  private static final AuditEntry.Origin ANNA = new AuditEntry.Origin("anna", "10.1.2.3");
  private static final Output OK =
      new Output("ok\n".getBytes(StandardCharsets.UTF_8), new byte[0], 3);

  private record Member(HostId host, String name, AgentId agent) {}

  private final Load load;
  private final Writer writer;
  private final Audit audit;
  private final History history;
  private final FastClock clock;
  private final IdMint ids;
  private final SqlHosts hosts = new SqlHosts();
  private final SqlAgents agents = new SqlAgents();
  private final SqlOperations operations = new SqlOperations();
  private final List<Member> members = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(42);
  private long written;

  StoredFleet(Load load, Writer writer, Audit audit, History history, FastClock clock, IdMint ids) {
    this.load = load;
    this.writer = writer;
    this.audit = audit;
    this.history = history;
    this.clock = clock;
    this.ids = ids;
  }

  void enrol() {
    for (int first = 0; first < load.hosts(); first += ENDS_AT_ONCE) {
      int begin = first;
      writer.run(transaction -> {
        for (int i = begin; i < Math.min(load.hosts(), begin + ENDS_AT_ONCE); i++) {
          enrol(transaction, i);
        }
      });
    }
  }

  private void enrol(Transaction transaction, int number) {
    Member member =
        new Member(
            new HostId(ids.nextRandom()),
            "web-%05d".formatted(number),
            new AgentId(ids.nextRandom()));
    hosts.insert(
        transaction, member.host(), member.name(), "m" + number, Map.of("role", "web"), now());
    agents.insert(
        transaction, member.agent(), member.host(), definition(0), 1, DesiredState.RUNNING);
    members.add(member);
  }

  /** The hour that the clock shows. */
  void hour(int number) {
    batch(members);
    for (int i = 0; i < share(load.singles(), number); i++) {
      batch(List.of(anyone()));
    }
    writer.run(transaction -> {
      for (int i = 0; i < share(load.events(), number); i++) {
        Member member = anyone();
        history.append(
            transaction,
            new NewEvent(
                now(),
                now(),
                Optional.of(member.host()),
                Optional.of(member.agent()),
                i % 2 == 0 ? "exited" : "started",
                "exit 1, restart in 34 s"));
      }
      for (int i = 0; i < share(load.acts(), number); i++) {
        audit.append(
            transaction, ANNA, new AuditEntry.Act("batch.exec", "-l role=web uptime", 10_000));
      }
      for (int i = 0; i < share(load.definitions(), number); i++) {
        agents.putDefinition(transaction, anyone().agent(), definition(++written));
      }
    });
  }

  /** Of a day's number the part of one hour; over the day nothing is lost. */
  private static int share(int aDay, int hour) {
    int of = hour % HOURS;
    return aDay * (of + 1) / HOURS - aDay * of / HOURS;
  }

  private Member anyone() {
    return members.get(random.nextInt(members.size()));
  }

  private Instant now() {
    return clock.instant();
  }

  private static DefinitionText definition(long number) {
    return new DefinitionText(
        "filebeat",
        AgentType.SERVICE,
        Optional.empty(),
        "{\"name\": \"filebeat\", \"number\": "
            + number
            + ", \"text\": \""
            + "x".repeat(2_000)
            + "\"}");
  }

  private void batch(List<Member> targets) {
    BatchId batch = new BatchId(ids.next());
    List<OperationId> made = writer.write(transaction -> accept(transaction, batch, targets));
    for (int first = 0; first < made.size(); first += ENDS_AT_ONCE) {
      List<OperationId> some = made.subList(first, Math.min(made.size(), first + ENDS_AT_ONCE));
      writer.run(transaction -> some.forEach(id -> run(transaction, id)));
    }
  }

  private List<OperationId> accept(Transaction transaction, BatchId batch, List<Member> targets) {
    operations.insertBatch(
        transaction,
        new NewBatchRow(
            batch,
            new NewBatch(
                OperationKind.EXEC,
                Optional.empty(),
                "-l role=web",
                "anna",
                DEADLINE,
                Optional.empty(),
                List.of()),
            now(),
            now().plus(DEADLINE),
            targets.size()));
    String digest =
        operations.putCommand(
            transaction,
            new Command.Exec(
                new Work.Arguments(List.of("uptime", String.valueOf(++written))),
                Optional.empty(),
                Map.of()));
    List<NewOperationRow> rows = new ArrayList<>();
    List<OperationId> made = new ArrayList<>();
    for (Member member : targets) {
      OperationId id = new OperationId(ids.next());
      made.add(id);
      rows.add(
          new NewOperationRow(
              id,
              batch,
              OperationKind.EXEC,
              member.host(),
              member.name(),
              Optional.empty(),
              Optional.empty(),
              digest,
              0,
              now(),
              now().plus(DEADLINE),
              Optional.empty()));
    }
    operations.insert(transaction, rows);
    return made;
  }

  private void run(Transaction transaction, OperationId id) {
    operations.queuedToSent(transaction, id, 1, now());
    operations.sentToRunning(transaction, id, now());
    operations.finish(
        transaction,
        operations.findWork(transaction, id).orElseThrow(),
        OperationState.SUCCEEDED,
        new End("", Optional.of(new ProcessEnd.Exited(0)), output(), Optional.of(now())),
        now());
  }

  private Output output() {
    if (++written % 2 == 0) {
      return OK;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Load.OUTPUT_BYTES);
    while (bytes.remaining() >= Long.BYTES) {
      bytes.putLong(random.nextLong());
    }
    return new Output(bytes.array(), new byte[0], Load.OUTPUT_BYTES);
  }
}
