package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.operation.work.CrashingJournal.Side;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sidecar dies at every append of every kind of operation, right before the entries are on disk
 * and right after. Its next life ends the operation as stated, each effect exactly once.
 */
class CrashTest {
  private static final Thread.UncaughtExceptionHandler DEFAULT =
      Thread.getDefaultUncaughtExceptionHandler();

  /** Installed before the agent of these tests. */
  private static final AgentRecord EARLIER =
      new AgentRecord(
          new AgentId(new UUID(0, 1)),
          SampleDefinitions.named(
              "earlier",
              "beats",
              Optional.empty(),
              List.of("/bin/sleep", "60"),
              List.of(),
              Optional.empty(),
              Optional.empty()),
          1,
          DesiredState.RUNNING,
          Optional.empty());

  @TempDir Path folder;

  @BeforeAll
  static void letTheDeadRest() {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
      if (!(failure instanceof CrashingJournal.Death)) {
        failure.printStackTrace();
      }
    });
  }

  @AfterAll
  static void restore() {
    Thread.setDefaultUncaughtExceptionHandler(DEFAULT);
  }

  /** What an operation needs to be there, and what must be there after it. */
  private enum Kind {
    INSTALL(false, false) {
      @Override
      Command command(TestHost host) {
        return new Command.Install(TestHost.FILEBEAT, host.definition("1.0", "a"), 1, true);
      }

      @Override
      void check(TestHost host) throws Exception {
        assertEquals(1, processStarts(host, 0), "starts");
        assertEquals(
            DesiredState.RUNNING, host.disk.state().agents().get(TestHost.FILEBEAT).desired());
        assertEquals(1, host.launches("scripts/"), "install script");
        assertTrue(host.launches("test") >= 1, "validated");
        assertEquals(List.of(0L), host.artifacts.offsets(), "downloads");
        Path current = host.agent("filebeat").current();
        assertEquals("1.0", Files.readString(current.resolve("VERSION")));
      }
    },
    CONFIGURE(true, true) {
      @Override
      Command command(TestHost host) {
        return new Command.Configure(TestHost.FILEBEAT, host.definition("2.0", "b"), 2);
      }

      @Override
      void check(TestHost host) throws Exception {
        assertEquals(1, processStarts(host, 1), "restarts");
        assertEquals(2, host.disk.state().agents().get(TestHost.FILEBEAT).revision());
        Path current = host.agent("filebeat").current();
        assertEquals("2.0", Files.readString(current.resolve("VERSION")));
        assertTrue(Files.exists(host.agent("filebeat").version("1.0")), "kept for a way back");
        assertTrue(
            host.processes
                .findPlan(TestHost.FILEBEAT)
                .orElseThrow()
                .command()
                .getFirst()
                .endsWith("versions/2.0/filebeat"));
      }
    },
    START(true, false) {
      @Override
      Command command(TestHost host) {
        return new Command.Start(TestHost.FILEBEAT);
      }

      @Override
      void check(TestHost host) {
        assertEquals(1, processStarts(host, 0), "starts");
        assertEquals(
            DesiredState.RUNNING, host.disk.state().agents().get(TestHost.FILEBEAT).desired());
      }
    },
    STOP(true, true) {
      @Override
      Command command(TestHost host) {
        return new Command.Stop(TestHost.FILEBEAT);
      }

      @Override
      void check(TestHost host) {
        assertTrue(host.processes.observe(TestHost.FILEBEAT).pid().isEmpty());
        assertEquals(
            DesiredState.STOPPED, host.disk.state().agents().get(TestHost.FILEBEAT).desired());
        assertEquals(0, processStarts(host, 1), "starts");
      }
    },
    RESTART(true, true) {
      @Override
      Command command(TestHost host) {
        return new Command.Restart(TestHost.FILEBEAT);
      }

      @Override
      void check(TestHost host) {
        assertEquals(1, processStarts(host, 1), "restarts");
      }
    },
    EXEC(false, false) {
      @Override
      Command command(TestHost host) {
        return exec();
      }

      @Override
      void check(TestHost host) {
        assertTrue(host.launches("echo") <= 1, "launches");
      }
    },
    SCRIPT_FOR_AN_AGENT(true, false) {
      @Override
      Command command(TestHost host) {
        return new Command.Exec(
            Optional.of(TestHost.FILEBEAT),
            new Command.Exec.Work.ShellScript("echo", List.of("parameter")),
            Optional.empty(),
            Map.of());
      }

      @Override
      void check(TestHost host) {
        assertTrue(host.launches("parameter") <= 1, "launches");
      }
    },
    UNINSTALL(true, true) {
      @Override
      Command command(TestHost host) {
        return new Command.Uninstall(TestHost.FILEBEAT, true);
      }

      @Override
      void check(TestHost host) throws Exception {
        assertTrue(host.disk.state().agents().isEmpty());
        assertFalse(host.processes.isSupervised(TestHost.FILEBEAT));
        assertFalse(Files.exists(host.agent("filebeat").root()));
        assertEquals(2, host.launches("scripts/"), "install and uninstall script");
      }
    };

    private final boolean installed;
    private final boolean started;

    Kind(boolean installed, boolean started) {
      this.installed = installed;
      this.started = started;
    }

    abstract Command command(TestHost host);

    abstract void check(TestHost host) throws Exception;

    static Command.Exec exec() {
      return new Command.Exec(
          Optional.empty(),
          new Command.Exec.Work.Arguments(List.of("echo", "x")),
          Optional.empty(),
          Map.of());
    }

    /** Processes that came up, beyond those that the preparation started. */
    static long processStarts(TestHost host, int prepared) {
      int pid = host.processes.observe(TestHost.FILEBEAT).pid().orElse(1000 + prepared);
      return pid - 1000 - prepared;
    }
  }

  private record Death(Kind kind, int append, Side side, int appends) {
    @Override
    public String toString() {
      return kind + ", " + side + " append " + append + " of " + appends;
    }
  }

  /** As many deaths as the operation has appends, counted in an undisturbed life. */
  static Stream<Death> deaths() throws Exception {
    Stream.Builder<Death> deaths = Stream.builder();
    for (Kind kind : Kind.values()) {
      Path folder = Files.createTempDirectory("appends");
      int appends;
      try (TestHost host = new TestHost(folder)) {
        CrashingJournal journal = prepared(host, kind);
        OperationResult result = host.run(host.start(journal), kind.command(host));
        assertEquals(Outcome.SUCCEEDED, result.outcome(), kind + ": " + result.message());
        kind.check(host);
        appends = journal.appends();
      } finally {
        Files.deleteIfExists(folder);
      }
      for (int append = 1; append <= appends; append++) {
        for (Side side : Side.values()) {
          deaths.add(new Death(kind, append, side, appends));
        }
      }
    }
    return deaths.build();
  }

  private static CrashingJournal prepared(TestHost host, Kind kind) {
    prepare(host, kind);
    return new CrashingJournal(host.disk);
  }

  private static void prepare(TestHost host, Kind kind) {
    if (kind.installed) {
      try (JournalledOperations before = host.start()) {
        OperationResult result =
            host.run(
                before,
                new Command.Install(
                    TestHost.FILEBEAT, host.definition("1.0", "a"), 1, kind.started));
        assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
        Eventually.await(TestHost.SOON, "settled", () -> host.tasks.recorded().isEmpty());
      }
    }
  }

  private static void takeMortally(Operations operations, TakenCommand command) {
    try {
      operations.take(command);
    } catch (CrashingJournal.Death death) {
      assertEquals("the sidecar is dead", death.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void theNextLifeEndsIt(Death death) throws Exception {
    try (TestHost host = new TestHost(folder)) {
      prepare(host, death.kind());
      CrashingJournal mortal = new CrashingJournal(host.disk, death.append(), death.side());
      TakenCommand command = host.command(death.kind().command(host));
      try (JournalledOperations first = host.start(mortal)) {
        takeMortally(first, command);
        Eventually.await(TestHost.SOON, "the sidecar's death", mortal::isDead);
      }

      JournalledOperations second = host.start();
      // What was never taken is sent again; what was taken must not run again.
      Operations.Intake again = second.take(command);
      boolean lost = death.append() == 1 && death.side() == Side.BEFORE;
      assertEquals(
          lost ? new Operations.Intake.Taken() : new Operations.Intake.KnownAlready(), again);
      OperationResult result = host.await(command);

      if (result.outcome() == Outcome.INTERRUPTED) {
        // Only between the step's entry and the launch, and then nothing was launched.
        assertTrue(result.message().contains("no record of a launch"), result.message());
        assertEquals(Side.AFTER, death.side());
      } else {
        assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
        death.kind().check(host);
      }
      assertEquals(1, host.started(command), "reported as started");
      assertEquals(1, host.finished(command), "reported as finished");
      Eventually.await(
          TestHost.SOON, "no task is left on record", () -> host.tasks.recorded().isEmpty());
    }
  }

  static Stream<Death> deathsOfAnUninstall() throws Exception {
    return deaths().filter(death -> death.kind() == Kind.UNINSTALL);
  }

  @ParameterizedTest
  @MethodSource("deathsOfAnUninstall")
  void whatIsFoundOfAnUninstalledAgentIsEnded(Death death) throws Exception {
    try (TestHost host = new TestHost(folder)) {
      prepare(host, death.kind());
      TakenCommand command = host.command(death.kind().command(host));
      CrashingJournal mortal = new CrashingJournal(host.disk, death.append(), death.side());
      try (JournalledOperations first = host.start(mortal)) {
        takeMortally(first, command);
        Eventually.await(TestHost.SOON, "the sidecar's death", mortal::isDead);
      }
      if (!host.processes.isSupervised(TestHost.FILEBEAT)) {
        host.processes.leaveBehind(TestHost.FILEBEAT);
      }
      host.start().take(command);
      OperationResult result = host.await(command);
      if (result.outcome() != Outcome.INTERRUPTED) {
        assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
        death.kind().check(host);
      }
    }
  }

  /** Nothing runs any more, and another agent's start comes first. */
  @ParameterizedTest
  @MethodSource("deaths")
  void theNextBootEndsIt(Death death) throws Exception {
    try (TestHost host = new TestHost(folder)) {
      host.disk.append(_ -> List.of(new JournalEntry.AgentKept(EARLIER)));
      prepare(host, death.kind());
      TakenCommand command = host.command(death.kind().command(host));
      CrashingJournal mortal = new CrashingJournal(host.disk, death.append(), death.side());
      try (JournalledOperations first = host.start(mortal)) {
        takeMortally(first, command);
        Eventually.await(TestHost.SOON, "the power cut", mortal::isDead);
      }
      host.processes.boot();
      host.processes.unsettle(EARLIER.id());
      JournalledOperations second = host.start();
      second.take(command);
      boolean starts =
          switch (death.kind()) {
            case INSTALL, CONFIGURE, START, RESTART -> true;
            // These wait for nobody's start.
            case STOP, UNINSTALL, EXEC, SCRIPT_FOR_AN_AGENT -> false;
          };
      if (starts) {
        host.processes.settle(EARLIER.id());
      }
      OperationResult result = host.await(command);
      assertEquals(1, host.finished(command), "reported as finished");
      if (result.outcome() == Outcome.INTERRUPTED) {
        return;
      }
      assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
      if (death.kind() == Kind.UNINSTALL) {
        assertEquals(Set.of(EARLIER.id()), host.disk.state().agents().keySet());
        assertFalse(host.processes.isSupervised(TestHost.FILEBEAT));
      } else if (death.kind() != Kind.EXEC) {
        ObservedAgent.State expected =
            starts ? ObservedAgent.State.RUNNING : ObservedAgent.State.STOPPED;
        Eventually.await(
            TestHost.SOON,
            "the agent is " + expected,
            () -> host.processes.observe(TestHost.FILEBEAT).state() == expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void twoDeathsInARowAreNoWorse(Death death) throws Exception {
    try (TestHost host = new TestHost(folder)) {
      prepare(host, death.kind());
      TakenCommand command = host.command(death.kind().command(host));
      CrashingJournal first = new CrashingJournal(host.disk, death.append(), death.side());
      try (JournalledOperations operations = host.start(first)) {
        takeMortally(operations, command);
        Eventually.await(TestHost.SOON, "the first death", first::isDead);
      }
      CrashingJournal second = new CrashingJournal(host.disk, 1, Side.BEFORE);
      try (JournalledOperations operations = host.start(second)) {
        if (host.find(command).isEmpty()) {
          takeMortally(operations, host.command(Kind.exec()));
          Eventually.await(TestHost.SOON, "the second death", second::isDead);
        }
      }
      JournalledOperations third = host.start();
      third.take(command);
      OperationResult result = host.await(command);
      if (result.outcome() != Outcome.INTERRUPTED) {
        assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
        death.kind().check(host);
      }
      assertEquals(1, host.finished(command), "reported as finished");
    }
  }
}
