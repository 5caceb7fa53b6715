package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.ArchiveBuilder;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.prepare.TreeRemoval;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.FakeSupervision.Call;
import io.easyagent.sidecar.supervise.FakeTasks;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations of agents: what they do, and what they say when they cannot. */
class AgentOperationsTest {
  private static final AgentId OTHER = new AgentId(new UUID(1, 2));

  @TempDir Path folder;
  private TestHost host;
  private JournalledOperations operations;

  @BeforeEach
  void open() {
    host = new TestHost(folder);
    operations = host.start();
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private OperationResult install(AgentDefinition definition, boolean start) {
    return host.run(operations, new Command.Install(TestHost.FILEBEAT, definition, 1, start));
  }

  private void installed(boolean start) {
    OperationResult result = install(host.definition("1.0", "a"), start);
    assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
  }

  private OperationResult configure(AgentDefinition definition, long revision) {
    return host.run(operations, new Command.Configure(TestHost.FILEBEAT, definition, revision));
  }

  private static void assertFailed(String expected, OperationResult result) {
    assertEquals(Outcome.FAILED, result.outcome(), result.message());
    assertTrue(result.message().contains(expected), result.message());
  }

  private long calls(Class<? extends Call> kind) {
    return host.processes.calls().stream().filter(kind::isInstance).count();
  }

  private AgentDefinition applying(String content, DefinedFile.Apply apply) {
    return SampleDefinitions.of(
        Optional.of(host.filebeat("1.0")),
        List.of("{{package}}/filebeat", "-c", "{{config}}/filebeat.yml"),
        List.of(TestHost.file(content, apply)),
        Optional.empty(),
        Optional.empty());
  }

  private static TaskEnd failing(String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return new TaskEnd(
        new ProcessEnd.Exited(1), false, false, new Output(bytes, new byte[0], bytes.length));
  }

  @Test
  void installsAndStarts() throws Exception {
    OperationResult result = install(host.definition("1.0", "a"), true);
    assertEquals("revision 1 in force, started, pid 1001", result.message());
    assertEquals(
        "name: \"web-1\"\n# a\n",
        Files.readString(host.agent("filebeat").config().resolve("filebeat.yml")));
    var plan = host.processes.findPlan(TestHost.FILEBEAT).orElseThrow();
    Path root = host.agent("filebeat").root();
    assertEquals(
        List.of(root + "/versions/1.0/filebeat", "-c", root + "/config/filebeat.yml"),
        plan.command());
    assertEquals(
        List.of("HOME", "LANG", "LOGNAME", "PATH", "TZ", "USER"),
        plan.environment().keySet().stream().sorted().toList());
    assertEquals(root + "/data", plan.environment().get("HOME"));
    var script = host.tasks.launches().getFirst().plan();
    assertEquals(List.of(root + "/versions/1.0"), script.command().subList(2, 3));
  }

  @Test
  void installsWithoutAStart() {
    installed(false);
    assertEquals(0, calls(Call.Started.class));
    assertEquals(1, calls(Call.Supervised.class));
  }

  @Test
  void installsAnAgentAgainAsAChange() {
    installed(true);
    OperationResult result = install(host.definition("1.0", "b"), true);
    assertEquals("revision 1 in force, restarted, pid 1002, running, pid 1002", result.message());
    assertEquals(1, host.launches("scripts/"), "the install script is not run again");
  }

  @Test
  void refusesANameThatAnotherAgentHas() {
    installed(false);
    assertFailed(
        "name: filebeat (expected: a name that is free on this host",
        host.run(operations, new Command.Install(OTHER, host.definition("1.0", "a"), 1, false)));
    assertTrue(Files.exists(folder.resolve("data/agents/filebeat/current")));
  }

  @Test
  void refusesANameThatIsBeingInstalled() {
    host.artifacts.hang();
    TakenCommand first =
        host.command(new Command.Install(TestHost.FILEBEAT, host.definition("1.0", "a"), 1, false));
    operations.take(first);
    Eventually.await(TestHost.SOON, "the download", () -> !host.artifacts.offsets().isEmpty());
    assertFailed(
        "is being installed",
        host.run(operations, new Command.Install(OTHER, host.definition("1.0", "a"), 1, false)));
    operations.cancel(first.id());
    OperationResult cancelled = host.await(first);
    assertEquals(Outcome.CANCELLED, cancelled.outcome());
    assertEquals("cancelled: fetching the package", cancelled.message());
    assertFalse(Files.exists(folder.resolve("data/agents/filebeat")), "nothing is left");
  }

  @Test
  void aDownloadStopsAtTheDeadline() {
    host.artifacts.hang();
    TakenCommand command =
        host.command(
            new Command.Install(TestHost.FILEBEAT, host.definition("1.0", "a"), 1, false),
            Duration.ofMinutes(2));
    operations.take(command);
    Eventually.await(TestHost.SOON, "the download", () -> !host.artifacts.offsets().isEmpty());
    host.clock.advance(Duration.ofMinutes(2));
    assertFailed("deadline passed after 2m: fetching the package", host.await(command));
  }

  @Test
  void refusesAUserThatDoesNotExist() {
    AgentDefinition definition =
        SampleDefinitions.named(
            "filebeat",
            "nobody-here",
            Optional.empty(),
            List.of("/bin/sh"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    assertFailed("user: nobody-here (expected: a user of this host", install(definition, false));
  }

  @Test
  void refusesABinaryThatIsNotThere() {
    AgentDefinition definition =
        SampleDefinitions.of(
            Optional.of(host.filebeat("1.0")),
            List.of("{{package}}/bin/none"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    OperationResult result = install(definition, true);
    assertFailed("versions/1.0/bin/none (expected: an executable file; there is none)", result);
    assertFalse(Files.exists(folder.resolve("data/agents/filebeat")), "nothing is left");
    assertTrue(host.disk.state().agents().isEmpty());
  }

  @Test
  void refusesAWrongChecksumAndAHostileArchive() {
    byte[] archive = new ArchiveBuilder().file("../evil", "x", 0644).tarGz();
    PackageReference evil = host.artifacts.add("filebeat", "1.0", archive);
    AgentDefinition definition =
        SampleDefinitions.of(
            Optional.of(evil),
            List.of("{{package}}/x"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    assertFailed("archive: entry: ../evil (expected: no empty", install(definition, true));
    byte[] other = archive.clone();
    other[20] ^= 1;
    host.artifacts.serve(evil.sha256(), other);
    assertFailed("has the SHA-256 " + ArchiveBuilder.sha256(other), install(definition, true));
  }

  @Test
  void anInstallScriptThatFailsTellsWhy() {
    host.tasks.script(plan -> failing("no room in /opt\n"));
    assertFailed(
        "install script: exit 1: no room in /opt", install(host.definition("1", "a"), true));
    assertFalse(Files.exists(folder.resolve("data/agents/filebeat")), "nothing is left");
  }

  @Test
  void aRefusedFileLeavesTheOldOneInForce() throws Exception {
    installed(true);
    String chatter = "reading the configuration\n".repeat(50);
    host.tasks.script(plan -> failing(chatter + "line 3:\tunknown key\u001b[0m\n"));
    assertFailed(
        "validate filebeat.yml: exit 1: reading the configuration | reading the configuration | line 3:"
            + " unknown key",
        configure(host.definition("1.0", "b"), 2));
    assertTrue(
        Files.readString(host.agent("filebeat").config().resolve("filebeat.yml")).contains("# a"));
    assertEquals(1, host.disk.state().agents().get(TestHost.FILEBEAT).revision());
    assertEquals(1, calls(Call.Started.class));
  }

  @Test
  void whatIsUnchangedRestartsNothing() {
    installed(true);
    OperationResult result = configure(host.definition("1.0", "a"), 2);
    assertEquals("revision 2 unchanged", result.message());
    assertEquals(0, calls(Call.Stopped.class));
    assertEquals(1, host.launches("test"), "validated once, at the installation");
  }

  @Test
  void aChangeSignalsOrDoesNothingAsItSays() {
    install(applying("a", new DefinedFile.Apply.Signal("HUP")), true);
    assertEquals(
        "revision 2 in force, signal HUP sent",
        configure(applying("b", new DefinedFile.Apply.Signal("HUP")), 2).message());
    assertEquals(1, calls(Call.Signalled.class));
    assertEquals(
        "revision 3 in force, nothing restarted",
        configure(applying("c", new DefinedFile.Apply.Nothing()), 3).message());
    assertEquals(1, calls(Call.Signalled.class));
    assertEquals(0, calls(Call.Stopped.class));
  }

  @Test
  void aChangeOfAStoppedAgentStartsNothing() {
    installed(false);
    assertEquals("revision 2 in force", configure(host.definition("2.0", "b"), 2).message());
    assertEquals(0, calls(Call.Started.class));
  }

  @Test
  void anAgentThatDoesNotGetReadyFailsTheChangeAndTheVersionBeforeIsKept() throws Exception {
    installed(true);
    host.processes.scriptStart(
        TestHost.FILEBEAT, new StartResult.DidNotStart("exit 1: data path already locked"));
    assertFailed(
        "revision 2 is in force, but the agent did not start: exit 1: data path already locked"
            + " (version 1.0 is kept)",
        configure(host.definition("2.0", "b"), 2));
    assertTrue(Files.exists(host.agent("filebeat").version("1.0")));
    configure(host.definition("3.0", "b"), 3);
    assertFalse(Files.exists(host.agent("filebeat").version("1.0")), "two versions are enough");
    assertTrue(Files.exists(host.agent("filebeat").version("2.0")));
  }

  @Test
  void anAgentKeepsItsName() {
    installed(false);
    AgentDefinition renamed =
        SampleDefinitions.named(
            "other",
            "beats",
            Optional.empty(),
            List.of("/bin/sh"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    assertFailed("an agent keeps its name", configure(renamed, 2));
  }

  @Test
  void commandsForAnAgentThatIsNotInstalledFail() {
    for (Command command :
        List.of(
            new Command.Start(OTHER),
            new Command.Stop(OTHER),
            new Command.Restart(OTHER),
            new Command.Configure(OTHER, host.definition("1.0", "a"), 1))) {
      assertFailed(
          "agent: " + OTHER + " (expected: an agent installed on this host)",
          host.run(operations, command));
    }
  }

  @Test
  void whatIsNotInstalledIsUninstalledAlready() {
    OperationResult result = host.run(operations, new Command.Uninstall(OTHER, true));

    assertEquals(Outcome.SUCCEEDED, result.outcome());
    assertEquals("it was not installed", result.message());
  }

  @Test
  void startsRestartsAndStops() {
    installed(false);
    assertEquals(
        "started, pid 1001", host.run(operations, new Command.Start(TestHost.FILEBEAT)).message());
    assertEquals(
        "running, pid 1001", host.run(operations, new Command.Start(TestHost.FILEBEAT)).message());
    assertEquals(
        "restarted, pid 1002",
        host.run(operations, new Command.Restart(TestHost.FILEBEAT)).message());
    assertEquals("stopped", host.run(operations, new Command.Stop(TestHost.FILEBEAT)).message());
    assertEquals(
        "stopped already", host.run(operations, new Command.Stop(TestHost.FILEBEAT)).message());
  }

  @Test
  void aStartWhoseProgramIsGoneFailsWithThePath() throws Exception {
    installed(false);
    TreeRemoval.remove(host.agent("filebeat").version("1.0"));
    assertFailed(
        "versions/1.0/filebeat (expected: an executable file; there is none)",
        host.run(operations, new Command.Start(TestHost.FILEBEAT)));
  }

  @Test
  void aCancelledStartLeavesTheAgentStarting() {
    installed(false);
    host.processes.hold(TestHost.FILEBEAT);
    TakenCommand start = host.command(new Command.Start(TestHost.FILEBEAT));
    operations.take(start);
    Eventually.await(TestHost.SOON, "the start", () -> calls(Call.Started.class) == 1);
    operations.cancel(start.id());
    OperationResult result = host.await(start);
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertTrue(result.message().contains("it is left starting"), result.message());
    assertEquals(0, calls(Call.Stopped.class));
  }

  @Test
  void aCancelledRestartLeavesNoAgentStopped() {
    installed(true);
    host.processes.hold(TestHost.FILEBEAT);
    TakenCommand restart = host.command(new Command.Restart(TestHost.FILEBEAT));
    operations.take(restart);
    Eventually.await(TestHost.SOON, "the stop", () -> calls(Call.Stopped.class) == 1);
    operations.cancel(restart.id());
    host.processes.release(TestHost.FILEBEAT);
    host.await(restart);
    assertEquals(2, calls(Call.Started.class));
    assertTrue(host.processes.observe(TestHost.FILEBEAT).pid().isPresent());
  }

  @Test
  void anAgentThatDoesNotStopIsNotUninstalled() throws Exception {
    installed(true);
    host.processes.scriptStop(TestHost.FILEBEAT, new StopResult.DidNotStop("pid 12 in state D"));
    assertFailed(
        "the agent did not stop: pid 12 in state D",
        host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, true)));
    assertTrue(Files.exists(host.agent("filebeat").current()));
  }

  @Test
  void uninstallKeepsTheDataUnlessItIsPurged() throws Exception {
    installed(true);
    Path data = host.agent("filebeat").data();
    Files.writeString(data.resolve("registry"), "x");
    Path outside = Files.writeString(folder.resolve("outside"), "precious");
    Files.createSymbolicLink(data.resolve("link"), outside);
    Files.createSymbolicLink(data.resolve("up"), folder);
    assertEquals(
        "uninstalled, data kept",
        host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, false)).message());
    assertEquals("x", Files.readString(data.resolve("registry")));
    assertFalse(Files.exists(host.agent("filebeat").config()));
    assertFalse(Files.exists(host.agent("filebeat").versions()));

    installed(false);
    assertEquals("x", Files.readString(data.resolve("registry")));
    assertEquals(
        "uninstalled, data removed",
        host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, true)).message());
    assertFalse(Files.exists(host.agent("filebeat").root()));
    assertEquals("precious", Files.readString(outside));
    assertFalse(host.processes.isSupervised(TestHost.FILEBEAT));
  }

  @Test
  void anUninstallScriptThatFailsRemovesNothing() throws Exception {
    installed(true);
    host.tasks.script(plan -> failing("still in use"));
    assertFailed(
        "uninstall script: exit 1: still in use",
        host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, true)));
    assertTrue(Files.exists(host.agent("filebeat").current()));
    host.tasks.script(plan -> FakeTasks.WELL);
    assertEquals(
        Outcome.SUCCEEDED,
        host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, true)).outcome());
  }

  @Test
  void aScriptIsAFileThatOnlyItsUserCanRead() throws Exception {
    host.tasks.hold();
    AgentDefinition definition =
        SampleDefinitions.of(
            Optional.empty(),
            List.of("/bin/sh"),
            List.of(),
            Optional.of(new Script("#!/bin/bash\nid\n", List.of("a b"), Duration.ofMinutes(1))),
            Optional.empty());
    TakenCommand command =
        host.command(new Command.Install(TestHost.FILEBEAT, definition, 1, false));
    operations.take(command);
    Eventually.await(TestHost.SOON, "the launch", () -> host.tasks.launches().size() == 1);
    var launch = host.tasks.launches().getFirst();
    Path script = Path.of(launch.plan().command().getFirst());
    assertEquals(List.of(script.toString(), "a b"), launch.plan().command());
    assertEquals(0550, (int) Files.getAttribute(script, "unix:mode") & 07777);
    assertEquals(host.accounts.beats().gid(), Files.getAttribute(script, "unix:gid"));
    host.tasks.finish(launch.id(), FakeTasks.WELL);
    assertEquals(Outcome.SUCCEEDED, host.await(command).outcome());
    assertFalse(Files.exists(script));
  }

  @Test
  void aNewLifeSupervisesWithTheVariablesThatWereApplied() {
    AgentDefinition definition =
        SampleDefinitions.of(
            Optional.empty(),
            List.of("/bin/sh", "{{label.role}}", "{{host.name}}", "{{fact.os}}"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    install(definition, true);
    operations.close();
    host.start();
    assertEquals(
        List.of("/bin/sh", "web", "web-1", "debian"),
        host.processes.findPlan(TestHost.FILEBEAT).orElseThrow().command());
  }
}
