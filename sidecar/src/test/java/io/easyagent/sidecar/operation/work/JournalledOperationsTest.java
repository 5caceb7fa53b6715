package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalEntry.CommandTaken;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.Operations.Intake;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.FakeTasks;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intake, lanes, deadlines, cancels and restarts, with commands of the host. */
class JournalledOperationsTest {
  @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void open() {
    host = new TestHost(folder);
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private static Command.Exec exec(String... command) {
    return new Command.Exec(
        Optional.empty(),
        new Command.Exec.Work.Arguments(List.of(command)),
        Optional.empty(),
        Map.of());
  }

  private void awaitLaunches(int count) {
    Eventually.await(
        TestHost.SOON, count + " launches", () -> host.tasks.launches().size() == count);
  }

  private UUID launched(int index) {
    return host.tasks.launches().get(index).id();
  }

  private static TaskEnd exit(int status, String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return new TaskEnd(
        new ProcessEnd.Exited(status), false, false, new Output(bytes, new byte[0], bytes.length));
  }

  @Test
  void reportsTheExitStatusAndTheOutput() {
    host.tasks.script(plan -> exit(3, "hello"));
    OperationResult result = host.run(host.start(), exec("echo", "hello"));
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("exit 3", result.message());
    assertEquals(Optional.of(new ProcessEnd.Exited(3)), result.processEnd());
    assertEquals("hello", new String(result.output().head(), StandardCharsets.UTF_8));
  }

  @Test
  void runsInACleanEnvironmentWithAnAbsoluteProgram() {
    host.run(
        host.start(),
        new Command.Exec(
            Optional.empty(),
            new Command.Exec.Work.Arguments(List.of("sh", "-c", "a b; $c")),
            Optional.of("beats"),
            Map.of("X", "1")));
    var plan = host.tasks.launches().getFirst().plan();
    assertTrue(plan.command().getFirst().matches("/(usr/)?bin/sh"), plan.command().getFirst());
    assertEquals(List.of("-c", "a b; $c"), plan.command().subList(1, 3));
    assertEquals(
        List.of("HOME", "LANG", "LOGNAME", "PATH", "USER", "X"),
        plan.environment().keySet().stream().sorted().toList());
    assertEquals("beats", plan.environment().get("USER"));
    assertEquals(Duration.ofMinutes(15), plan.timeout());
    assertEquals(host.accounts.own().uid() == 0, plan.user().equals(Optional.of("beats")));
  }

  @Test
  void neverRunsAKnownCommandAgain() throws Exception {
    Operations operations = host.start();
    TakenCommand command = host.command(exec("echo"));
    assertEquals(new Intake.Taken(), operations.take(command));
    host.await(command);
    assertEquals(new Intake.KnownAlready(), operations.take(command));
    assertEquals(1, host.finished(command), "still in the outbox");

    long last = host.disk.state().lastNumber();
    host.disk.append(state -> Outbox.acknowledge(state, last));
    assertEquals(new Intake.KnownAlready(), operations.take(command));
    assertEquals(2, host.finished(command), "its result is reported again");
    assertEquals(1, host.tasks.launches().size());
  }

  @Test
  void refusesAKnownIdWithAnotherDigest() {
    Operations operations = host.start();
    TakenCommand command = host.command(exec("echo"));
    operations.take(command);
    TakenCommand forged =
        new TakenCommand(
            command.id(),
            "other",
            command.generation(),
            command.timeLeft(),
            command.takenAt(),
            command.hostName(),
            command.labels(),
            exec("rm"));
    assertInstanceOf(Intake.Refused.class, operations.take(forged));
    host.await(command);
    assertEquals(0, host.launches("rm"));
  }

  @Test
  void refusesWhenTheJournalHasNoRoom() {
    Operations operations = host.start();
    host.disk.fail(new Journal.JournalException("no room"));
    assertEquals(
        new Intake.Refused("journal: no room"), operations.take(host.command(exec("echo"))));
    host.disk.recover();
    assertTrue(host.tasks.launches().isEmpty());
    assertTrue(host.disk.state().operations().isEmpty());
  }

  @Test
  void journalsTheEndAsSoonAsTheJournalCan() {
    host.tasks.hold();
    TakenCommand command = host.command(exec("echo"));
    host.start().take(command);
    awaitLaunches(1);
    host.disk.fail(new Journal.JournalException("disk full"));
    int waiting = host.clock.pendingTasks();
    host.tasks.finish(launched(0), FakeTasks.WELL);
    Eventually.await(
        TestHost.SOON, "another try is due", () -> host.clock.pendingTasks() == waiting);
    host.disk.recover();
    host.clock.advance(Duration.ofSeconds(2));
    assertEquals(Outcome.SUCCEEDED, host.await(command).outcome());
  }

  @Test
  void runsFourOfTheHostAtOnceAndRefusesWhenTheLaneIsFull() {
    host.tasks.hold();
    Operations operations = host.start();
    List<TakenCommand> commands = new ArrayList<>();
    for (int index = 0; index < Lanes.HOST_AT_ONCE + Lanes.MOST_WAITING; index++) {
      TakenCommand command = host.command(exec("echo", "n" + index));
      commands.add(command);
      assertEquals(new Intake.Taken(), operations.take(command));
    }
    awaitLaunches(Lanes.HOST_AT_ONCE);
    TakenCommand surplus = host.command(exec("echo", "surplus"));
    assertInstanceOf(Intake.Failed.class, operations.take(surplus));
    assertEquals(Outcome.FAILED, host.find(surplus).orElseThrow().outcome());
    assertEquals(
        "refused by the host: waiting operations: 64 (expected: fewer in one lane)",
        host.find(surplus).orElseThrow().message());
    assertEquals(1, host.finished(surplus));
    assertEquals(new Intake.KnownAlready(), operations.take(surplus));
    assertEquals(new Intake.KnownAlready(), operations.take(commands.getLast()));
    host.tasks.finish(launched(2), FakeTasks.WELL);
    awaitLaunches(Lanes.HOST_AT_ONCE + 1);
    assertEquals(1, host.launches("n4"), "in their order");
    assertEquals(new Intake.Taken(), operations.take(host.command(exec("echo"))));
  }

  @Test
  void commandsOfOneAgentRunInOrderAndAgentsDoNotWait() {
    Operations operations = host.start();
    for (int number = 1; number <= 2; number++) {
      AgentId agent = new AgentId(new UUID(1, number));
      var definition =
          SampleDefinitions.named(
              "agent" + number,
              "beats",
              Optional.empty(),
              List.of("/bin/sh"),
              List.of(),
              Optional.empty(),
              Optional.empty());
      OperationResult result =
          host.run(operations, new Command.Install(agent, definition, 1, false));
      assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
    }
    AgentId first = new AgentId(new UUID(1, 1));
    AgentId second = new AgentId(new UUID(1, 2));
    host.processes.hold(first);
    TakenCommand start = host.command(new Command.Start(first));
    TakenCommand stop = host.command(new Command.Stop(first));
    operations.take(start);
    operations.take(stop);
    assertEquals(Outcome.SUCCEEDED, host.run(operations, new Command.Start(second)).outcome());
    assertTrue(host.find(start).isEmpty());
    assertEquals(0, host.started(stop));
    host.processes.release(first);
    assertEquals(Outcome.SUCCEEDED, host.await(start).outcome());
    assertEquals("stopped", host.await(stop).message());
  }

  @Test
  void whatHasNotBegunInTimeExpires() {
    host.tasks.hold();
    Operations operations = host.start();
    for (int index = 0; index < Lanes.HOST_AT_ONCE; index++) {
      operations.take(host.command(exec("echo"), Duration.ofHours(1)));
    }
    awaitLaunches(Lanes.HOST_AT_ONCE);
    TakenCommand late = host.command(exec("echo", "late"), Duration.ofSeconds(30));
    operations.take(late);
    host.clock.advance(Duration.ofSeconds(30));
    OperationResult result = host.await(late);
    assertEquals(Outcome.EXPIRED, result.outcome());
    assertEquals("expired: not begun within 30s", result.message());
    host.tasks.finish(launched(0), FakeTasks.WELL);
    host.tasks.finish(launched(1), FakeTasks.WELL);
    operations.take(host.command(exec("echo", "after")));
    awaitLaunches(Lanes.HOST_AT_ONCE + 1);
    assertEquals(1, host.launches("after"));
    assertEquals(0, host.launches("late"));
  }

  @Test
  void whatRunsPastItsDeadlineIsKilledAndFails() {
    host.tasks.hold();
    Operations operations = host.start();
    TakenCommand command = host.command(exec("sleep", "60"), Duration.ofSeconds(30));
    operations.take(command);
    awaitLaunches(1);
    host.clock.advance(Duration.ofSeconds(30));
    OperationResult result = host.await(command);
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("deadline passed; its processes were killed", result.message());
    assertEquals(Optional.of(new ProcessEnd.Signalled(9)), result.processEnd());
  }

  @Test
  void cancelsWhatWaitsAndWhatRunsAndNothingAfterTheEnd() {
    host.tasks.hold();
    Operations operations = host.start();
    List<TakenCommand> running = new ArrayList<>();
    for (int index = 0; index < Lanes.HOST_AT_ONCE; index++) {
      running.add(host.command(exec("echo")));
      operations.take(running.getLast());
    }
    awaitLaunches(Lanes.HOST_AT_ONCE);
    TakenCommand waiting = host.command(exec("echo", "waiting"));
    operations.take(waiting);
    operations.cancel(waiting.id());
    assertEquals(Outcome.CANCELLED, host.await(waiting).outcome());
    assertEquals(0, host.launches("waiting"));

    operations.cancel(running.getFirst().id());
    OperationResult result = host.await(running.getFirst());
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertEquals("cancelled: it ran; its processes were killed", result.message());

    operations.cancel(running.getFirst().id());
    operations.cancel(new OperationId(new UUID(9, 9)));
    assertEquals(1, host.finished(running.getFirst()));
  }

  @Test
  void findsARunningCommandAgainAndReportsItsRealEnd() {
    host.tasks.hold();
    TakenCommand command = host.command(exec("echo"));
    try (JournalledOperations first = host.start()) {
      first.take(command);
      awaitLaunches(1);
    }
    host.start();
    assertTrue(host.find(command).isEmpty());
    host.tasks.finish(launched(0), exit(7, "late"));
    OperationResult result = host.await(command);
    assertEquals("exit 7", result.message());
    assertEquals(1, host.tasks.launches().size());
    assertEquals(1, host.started(command));
  }

  @Test
  void aCommandThatEndedWhileTheSidecarWasAwayHasItsRealEndPastTheDeadlineToo() {
    host.tasks.hold();
    TakenCommand command = host.command(exec("echo"), Duration.ofMinutes(1));
    try (JournalledOperations first = host.start()) {
      first.take(command);
      awaitLaunches(1);
    }
    host.tasks.finish(launched(0), exit(0, "done"));
    host.clock.stepWallClock(Duration.ofHours(1));
    host.start();
    host.clock.advance(Duration.ZERO);
    assertEquals(Outcome.SUCCEEDED, host.await(command).outcome());
  }

  @Test
  void theTimeLeftGoesOnAcrossARestartByTheWallClock() {
    host.tasks.hold();
    TakenCommand running = host.command(exec("echo"), Duration.ofMinutes(10));
    try (JournalledOperations first = host.start()) {
      first.take(running);
      awaitLaunches(1);
    }
    host.clock.stepWallClock(Duration.ofMinutes(9));
    host.start();
    host.clock.advance(Duration.ofSeconds(59));
    assertTrue(host.find(running).isEmpty());
    host.clock.advance(Duration.ofSeconds(1));
    OperationResult result = host.await(running);
    assertEquals("deadline passed; its processes were killed", result.message());
  }

  /** What was killed for it has died, and with it the sidecar, before that was in the journal. */
  @Test
  void aCancelledCommandIsCancelledForTheNextLifeToo() {
    host.tasks.hold();
    TakenCommand running = host.command(exec("echo"), Duration.ofMinutes(10));
    try (JournalledOperations first = host.start()) {
      first.take(running);
      awaitLaunches(1);
    }
    host.tasks.find(launched(0)).orElseThrow().cancel();
    host.start();
    OperationResult result = host.await(running);
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertEquals("cancelled: it ran; its processes were killed", result.message());
  }

  @Test
  void aClockSetBackDoesNotExtendTheTimeLeft() {
    host.tasks.hold();
    TakenCommand running = host.command(exec("echo"), Duration.ofMinutes(10));
    try (JournalledOperations first = host.start()) {
      first.take(running);
      awaitLaunches(1);
    }
    host.clock.stepWallClock(Duration.ofDays(-1));
    host.start();
    host.clock.advance(Duration.ofMinutes(10));
    assertEquals("deadline passed; its processes were killed", host.await(running).message());
  }

  @Test
  void whatWasTakenAndNeverBegunExpiresWhileTheSidecarIsAway() throws Exception {
    TakenCommand command = host.command(exec("echo"), Duration.ofMinutes(1));
    host.disk.append(state -> List.of(new JournalEntry.CommandTaken(command)));
    host.clock.stepWallClock(Duration.ofMinutes(2));
    host.start();
    host.clock.advance(Duration.ZERO);
    assertEquals(Outcome.EXPIRED, host.await(command).outcome());
    assertTrue(host.tasks.launches().isEmpty());
  }

  @Test
  void whatHasNotBegunWaitsForTheServersWordAndIsDroppedWhenItIsOver() throws Exception {
    TakenCommand over = host.command(exec("echo"));
    TakenCommand open = host.command(exec("echo"));
    host.disk.append(
        state -> List.of(new JournalEntry.CommandTaken(over), new JournalEntry.CommandTaken(open)));
    try (JournalledOperations operations = host.startAlone(new CrashingJournal(host.disk))) {
      assertTrue(host.tasks.launches().isEmpty());

      operations.agreed(Set.of(over.id()));

      assertEquals(Outcome.SUCCEEDED, host.await(open).outcome());
      assertEquals(1, host.tasks.launches().size());
      assertFalse(host.disk.state().operations().containsKey(over.id()));
      operations.agreed(Set.of());
      assertEquals(1, host.tasks.launches().size(), "once");
    }
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    Operations operations = host.start();
    assertEquals(
        "command: no-such-program (expected: a program in "
            + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin, or an absolute path)",
        host.run(operations, exec("no-such-program")).message());
    assertEquals(
        "command: /no/such (expected: an executable file; there is none)",
        host.run(operations, exec("/no/such")).message());
    assertEquals(
        "command: /etc/passwd (expected: an executable file; it is none)",
        host.run(operations, exec("/etc/passwd")).message());
  }

  @Test
  void whatWasRefusedNeverRunsInALaterLifeEither() {
    host.tasks.hold();
    TakenCommand surplus;
    try (JournalledOperations first = host.start()) {
      for (int index = 0; index < Lanes.HOST_AT_ONCE + Lanes.MOST_WAITING; index++) {
        first.take(host.command(exec("echo")));
      }
      awaitLaunches(Lanes.HOST_AT_ONCE);
      surplus = host.command(exec("echo", "surplus"));
      assertInstanceOf(Intake.Failed.class, first.take(surplus));
    }
    Operations second = host.start();
    assertEquals(new Intake.KnownAlready(), second.take(surplus));
    assertEquals(0, host.launches("surplus"));
  }

  @Test
  void aCommandThatTheJournalHasNoRoomForFails() {
    Operations operations = host.start(journal(entry -> entry instanceof CommandTaken, true));
    TakenCommand command = host.command(exec("echo"));
    assertEquals(new Intake.Failed("journal: full"), operations.take(command));
    OutboxEvent.OperationFinished finished =
        assertInstanceOf(
            OutboxEvent.OperationFinished.class,
            host.disk.state().outbox().values().iterator().next().event());
    assertEquals(command.id(), finished.operation());
    assertEquals(Outcome.FAILED, finished.result().outcome());
    assertEquals("refused by the host: journal: full", finished.result().message());

    assertEquals(new Intake.KnownAlready(), host.start().take(command), "its end is on its way");
    assertTrue(host.tasks.launches().isEmpty());
  }

  @Test
  void aCommandIsRefusedWithoutAnEndWhereTheJournalTakesNothing() {
    Operations full = host.start(journal(entry -> true, true));
    assertEquals(new Intake.Refused("journal: full"), full.take(host.command(exec("echo"))));
    Operations broken = host.start(journal(entry -> true, false));
    assertEquals(new Intake.Refused("journal: broken"), broken.take(host.command(exec("echo"))));
    assertTrue(host.disk.state().outbox().isEmpty());
  }

  /** The disk, but for these entries. */
  private Journal journal(Predicate<JournalEntry> refused, boolean full) {
    return new Journal() {
      @Override
      public JournalState state() {
        return host.disk.state();
      }

      @Override
      public JournalState append(Function<JournalState, List<JournalEntry>> decision)
          throws JournalException {
        if (decision.apply(state()).stream().anyMatch(refused)) {
          throw full ? new NoRoom("full") : new JournalException("broken");
        }
        return host.disk.append(decision);
      }
    };
  }

  @Test
  void whatDiesOfAnErrorFailsAndTheNextRuns() {
    host.tasks.script(plan -> {
      if (plan.command().contains("bad")) {
        throw new StackOverflowError("too deep");
      }
      return FakeTasks.WELL;
    });
    Operations operations = host.start();
    OperationResult result = host.run(operations, exec("echo", "bad"));
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("internal error: java.lang.StackOverflowError: too deep", result.message());
    for (int index = 0; index < 2 * Lanes.HOST_AT_ONCE; index++) {
      assertEquals(Outcome.SUCCEEDED, host.run(operations, exec("echo")).outcome());
    }
  }
}
