package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.definitions.DefinedAgents;
import io.easyagent.sidecar.definitions.DefinitionsFolder;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.work.CrashingJournal.Side;
import io.easyagent.sidecar.policy.Policy;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.supervise.FakeSupervision.Call;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents that are defined on the host become its agents by the operations of every other. */
class DefinedAgentsTest {
  private static final Thread.UncaughtExceptionHandler DEFAULT =
      Thread.getDefaultUncaughtExceptionHandler();

  @TempDir Path temporary;
  private Path folder;
  private TestHost host;
  private final List<String> told = new ArrayList<>();

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

  @BeforeEach
  void open() throws Exception {
    folder = Files.createDirectory(temporary.resolve("agents"));
    host = new TestHost(temporary);
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  @Test
  void aHostWithoutAServerHasTheAgentsThatItDefines() throws Exception {
    write("web", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    assertEquals(1, told.size());
    assertTrue(
        told.getFirst().startsWith("web: revision 1 in force, started, pid "), told::toString);
    AgentRecord web = agent("web");
    assertTrue(web.id().isHosts());
    assertEquals(DesiredState.RUNNING, web.desired());
    assertTrue(host.processes.observe(web.id()).pid().isPresent());

    assertTrue(reload());
    assertEquals(List.of("nothing has changed"), told);

    write("web", "61");
    assertTrue(reload());
    assertTrue(told.getFirst().startsWith("web: revision 2 in force, restarted"), told::toString);
    assertEquals(web.id(), agent("web").id());

    Files.delete(folder.resolve("web.yaml"));
    assertTrue(reload());
    assertEquals(List.of("web: uninstalled, data kept"), told);
    assertTrue(host.disk.state().agents().isEmpty());
    assertTrue(Files.isDirectory(host.agent("web").data()));
  }

  @Test
  void nobodyIsToldOfTheHostsOwnOperations() throws Exception {
    write("web", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    assertTrue(host.disk.state().operations().isEmpty(), "they are not kept");
    assertTrue(
        host.disk.state().outbox().values().stream()
            .noneMatch(queued ->
                queued.event() instanceof OutboxEvent.OperationStarted
                    || queued.event() instanceof OutboxEvent.OperationFinished));
  }

  @Test
  void aFaultyFileLeavesItsAgentAndIsAConditionUntilItIsMended() throws Exception {
    write("web", "60");
    write("api", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    AgentRecord before = agent("web");

    Files.writeString(folder.resolve("web.yaml"), "name: [");
    write("api", "61");
    DefinedAgents agents = agents();
    assertFalse(reload(agents));
    assertTrue(told.getFirst().startsWith(folder.resolve("web.yaml") + ": 1:"), told::toString);
    assertTrue(told.getFirst().endsWith("; the agent is left as it is"), told::toString);
    assertTrue(told.get(1).startsWith("api: revision 2 in force"), told::toString);
    assertEquals(List.of("definitions: " + told.getFirst()), agents.conditions());
    assertEquals(before, agent("web"));

    write("web", "60");
    assertTrue(reload(agents));
    assertEquals(List.of(), agents.conditions());
    assertEquals(before, agent("web"));
  }

  @Test
  void whatOnlyAServerGivesAndAnUnknownUserAreRefusedBeforeAnythingIsDone() throws Exception {
    Files.writeString(
        folder.resolve("a.yaml"),
        "{name: a, user: beats, command: [/bin/sleep, inf], environment: {R: \"{{label.role}}\"}}");
    Files.writeString(
        folder.resolve("b.yaml"),
        "{name: b, user: beats, command: [/bin/sleep, inf], environment: {R: \"{{secret.key}}\"}}");
    Files.writeString(
        folder.resolve("c.yaml"), "{name: c, user: nobody-here, command: [/bin/sleep, inf]}");
    host.startAlone(new CrashingJournal(host.disk));
    assertFalse(reload());
    assertTrue(
        told.get(0).contains("{{label.role}} (expected: a label that the server"), told::toString);
    assertTrue(told.get(1).contains("{{secret.key}} (expected: no secret"), told::toString);
    assertTrue(
        told.get(2).contains("user: nobody-here (expected: a user of this host"), told::toString);
    assertTrue(host.disk.state().agents().isEmpty());
    assertEquals(List.of(), host.processes.calls());
  }

  @Test
  void aFolderThatIsGoneRemovesNothing() throws Exception {
    write("web", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    Files.delete(folder.resolve("web.yaml"));
    Files.delete(folder);
    DefinedAgents agents = agents();
    assertFalse(reload(agents));
    assertTrue(told.getFirst().endsWith("agents are left as they are"), told::toString);
    assertTrue(agents.conditions().getFirst().contains("is not there"));
    assertEquals("web", agent("web").definition().name());
  }

  @Test
  void anAgentThatDoesNotStartIsInForceAndNoFaultOfItsFile() throws Exception {
    write("web", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    host.processes.scriptStart(agent("web").id(), new StartResult.DidNotStart("exit 1"));
    write("web", "61");
    DefinedAgents agents = agents();
    assertFalse(reload(agents));
    assertTrue(told.getFirst().contains("the agent did not start: exit 1"), told::toString);
    assertEquals(List.of(), agents.conditions());
    assertEquals(2, agent("web").revision());
  }

  @Test
  void noServerTellsAnAgentOfTheHostAnything() throws Exception {
    write("web", "60");
    JournalledOperations operations = host.start();
    assertTrue(reload());
    AgentId web = agent("web").id();
    for (Command command :
        List.of(
            new Command.Start(web),
            new Command.Stop(web),
            new Command.Restart(web),
            new Command.Configure(web, agent("web").definition(), 9),
            new Command.Uninstall(web, true),
            new Command.Exec(
                Optional.of(web),
                new Command.Exec.Work.Arguments(List.of("/bin/true")),
                Optional.empty(),
                Map.of()))) {
      OperationResult result = host.run(operations, command);
      assertEquals(Outcome.FAILED, result.outcome());
      assertEquals(
          "refused by the host: the agent web is defined on the host, in /etc/agents/web.yaml"
              + " (expected: an agent of the server)",
          result.message());
    }
    assertEquals(1, agent("web").revision());
  }

  @Test
  void aNameOfTheHostsIsNotTheServersToInstall() throws Exception {
    write("web", "60");
    JournalledOperations operations = host.start();
    assertTrue(reload());
    OperationResult result =
        host.run(
            operations,
            new Command.Install(
                TestHost.FILEBEAT,
                SampleDefinitions.named(
                    "web",
                    "beats",
                    Optional.empty(),
                    List.of("/bin/sleep", "1"),
                    List.of(),
                    Optional.empty(),
                    Optional.empty()),
                1,
                true));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.message().contains("which is defined on the host"), result.message());
  }

  @Test
  void theHostsRulesForTheServerDoNotBindIt() throws Exception {
    host.policy = new PolicySource.State.Unusable("a slip of the pen");
    write("web", "60");
    host.startAlone(new CrashingJournal(host.disk));
    assertTrue(reload());
    assertEquals(
        List.of("policy: no command is taken, agents run on: a slip of the pen"),
        host.rules.conditions(host.disk.state().agents().values()));
    assertEquals(
        Optional.empty(),
        host.rules
            .of(agent("web").id())
            .againstCommandLine(List.of("/bin/true"), Optional.of("beats")));
    host.policy = new PolicySource.State.InForce(Policy.USUAL);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void whereverTheSidecarDiesTheNextLifeHasTheAgentsAsDefined(Side side) throws Exception {
    int last = 1;
    for (int crashAt = 1; crashAt <= last; crashAt++) {
      try (TestHost one = new TestHost(temporary.resolve(side + "-" + crashAt))) {
        host.close();
        host = one;
        clear();
        write("gone", "60");
        write("changed", "60");
        host.startAlone(new CrashingJournal(host.disk));
        assertTrue(reload());
        AgentId gone = agent("gone").id();
        Files.delete(folder.resolve("gone.yaml"));
        write("changed", "61");
        write("new", "60");

        CrashingJournal life = new CrashingJournal(host.disk, crashAt, side);
        host.startAlone(life);
        DefinedAgents agents = agents();
        Thread reload = Thread.ofVirtual().start(() -> agents.run(_ -> {}));
        Eventually.await(
            TestHost.SOON, "a death or an end", () -> life.isDead() || !reload.isAlive());
        if (!life.isDead()) {
          last = 0;
        } else {
          last++;
        }
        host.startAlone(new CrashingJournal(host.disk));
        boolean asDefined = reload();
        assertTrue(asDefined, () -> "append " + life.appends() + " " + side + ": " + told);
        assertEquals(Set.of("changed", "new"), names());
        assertEquals(2, agent("changed").revision());
        // Two processes ran before: so each was started once.
        assertEquals(Set.of(1003, 1004), Set.of(pid("changed"), pid("new")));
        assertTrue(
            host.processes.calls().contains(new Call.Stopped(gone)), "what is gone was stopped");
        assertTrue(host.disk.state().operations().isEmpty(), "nothing is left under way");
      }
    }
  }

  private int pid(String name) {
    return host.processes.observe(agent(name).id()).pid().orElse(0);
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    host.disk.state().agents().values().forEach(agent -> names.add(agent.definition().name()));
    return names;
  }

  private AgentRecord agent(String name) {
    return host.disk.state().agents().values().stream()
        .filter(agent -> agent.definition().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private DefinedAgents agents() {
    return new DefinedAgents(
        new DefinitionsFolder(folder, TrustedFiles.ofRootOr(host.accounts.own().uid())),
        host.disk,
        host.own());
  }

  private boolean reload() {
    return reload(agents());
  }

  private boolean reload(DefinedAgents agents) {
    told.clear();
    return agents.run(told::add);
  }

  private void write(String name, String seconds) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        "{name: %s, user: beats, command: [/bin/sleep, \"%s\"]}\n".formatted(name, seconds));
  }

  private void clear() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
