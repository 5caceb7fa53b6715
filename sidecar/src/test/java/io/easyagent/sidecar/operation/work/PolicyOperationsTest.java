package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.policy.OperationKind;
import io.easyagent.sidecar.policy.Policy;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.policy.TestPolicies;
import io.easyagent.sidecar.policy.VariableRules;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.supervise.FakeTasks;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host's rules forbid is not begun, whichever command brings it. */
class PolicyOperationsTest {
  private static final Policy NO_EXEC = policy(Optional.empty(), Optional.empty(), false);

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

  private static Policy policy(
      Optional<Set<String>> users, Optional<List<Path>> paths, boolean exec) {
    return new Policy(
        users,
        users.isEmpty(),
        paths,
        Policy.USUAL.packages(),
        exec,
        EnumSet.allOf(OperationKind.class),
        new VariableRules(List.of(), List.of()),
        Optional.empty(),
        true,
        Optional.empty());
  }

  private void rule(Policy policy) {
    host.policy = new PolicySource.State.InForce(policy);
  }

  private void refused(String reason, Command command) {
    OperationResult result = host.run(operations, command);
    assertEquals("refused by the host's policy: " + reason, result.message());
    assertEquals(Outcome.FAILED, result.outcome());
  }

  private void succeeds(Command command) {
    OperationResult result = host.run(operations, command);
    assertEquals(Outcome.SUCCEEDED, result.outcome(), result::message);
  }

  private static Command install(AgentDefinition definition) {
    return new Command.Install(TestHost.FILEBEAT, definition, 1, false);
  }

  private static Command.Exec exec(Command.Exec.Work work) {
    return new Command.Exec(Optional.empty(), work, Optional.empty(), Map.of());
  }

  private AgentDefinition plain() {
    return SampleDefinitions.of(
        Optional.of(host.filebeat("1")),
        List.of("{{package}}/filebeat"),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static AgentDefinition with(
      AgentDefinition base,
      List<String> command,
      Optional<Probe> ready,
      Optional<Probe> health,
      Map<String, String> environment) {
    return new AgentDefinition(
        base.name(),
        base.type(),
        base.packageReference(),
        base.user(),
        command,
        environment,
        base.files(),
        ready.map(probe -> new Readiness(probe, Duration.ofSeconds(5))),
        health.map(probe ->
            new HealthCheck(
                probe,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ZERO,
                3,
                HealthCheck.OnFailure.RESTART)),
        base.restart(),
        base.stop(),
        base.limits(),
        base.logs(),
        base.install(),
        base.uninstall());
  }

  private AgentDefinition scripted(Optional<Script> install, Optional<Script> uninstall) {
    return SampleDefinitions.of(
        Optional.of(host.filebeat("1")),
        List.of("{{package}}/filebeat"),
        List.of(),
        install,
        uninstall);
  }

  private static Optional<Script> script() {
    return Optional.of(new Script("id", List.of(), Duration.ofMinutes(1)));
  }

  @Test
  void withoutExecNothingThatTheServerWroteIsRun() throws Exception {
    rule(NO_EXEC);
    Probe probe = new Probe.Command(List.of("{{package}}/filebeat", "-c", "evil"));
    List<String> own = List.of("{{package}}/filebeat");
    refused(
        "operation: exec (expected: none, because exec: false)",
        exec(new Command.Exec.Work.Arguments(List.of("/bin/true"))));
    refused(
        "operation: exec (expected: none, because exec: false)",
        exec(new Command.Exec.Work.ShellScript("id", List.of())));
    refused(
        "install (expected: none, because exec: false)",
        install(scripted(script(), Optional.empty())));
    refused(
        "uninstall (expected: none, because exec: false)",
        install(scripted(Optional.empty(), script())));
    refused(
        "ready.command (expected: none, because exec: false)",
        install(with(plain(), own, Optional.of(probe), Optional.empty(), Map.of())));
    refused(
        "health.command (expected: none, because exec: false)",
        install(with(plain(), own, Optional.empty(), Optional.of(probe), Map.of())));
    Optional<Hook> hook =
        Optional.of(new Hook(List.of("{{package}}/filebeat", "-c", "evil"), Duration.ofSeconds(5)));
    refused(
        "preStart.command (expected: none, because exec: false)",
        install(plain().with(new Hooks(hook, Optional.empty()))));
    refused(
        "postStop.command (expected: none, because exec: false)",
        install(plain().with(new Hooks(Optional.empty(), hook))));
    refused(
        "files.filebeat.yml.validate (expected: none, because exec: false)",
        install(
            SampleDefinitions.of(
                Optional.of(host.filebeat("1")),
                own,
                List.of(TestHost.file("a", new DefinedFile.Apply.Nothing())),
                Optional.empty(),
                Optional.empty())));
    refused(
        "environment: LD_PRELOAD (expected: no variable that brings code, because exec: false)",
        install(
            with(
                plain(),
                own,
                Optional.empty(),
                Optional.empty(),
                Map.of("LD_PRELOAD", "{{data}}/evil.so"))));
    assertEquals(List.of(), host.tasks.launches());
    assertFalse(Files.exists(host.agent("filebeat").root()), "something was prepared");
    succeeds(install(plain()));
  }

  @Test
  void aProgramCannotLeaveItsPackageByTheWayItIsWritten() throws Exception {
    rule(NO_EXEC);
    for (String program :
        List.of(
            "/bin/sh",
            "{{package}}/../../data/evil",
            "{{package}}/../../config/filebeat.yml",
            "{{package}}/../0/filebeat",
            "{{data}}/evil",
            "{{config}}/evil",
            "{{package}}evil/filebeat")) {
      OperationResult result =
          host.run(
              operations,
              install(
                  with(plain(), List.of(program), Optional.empty(), Optional.empty(), Map.of())));
      assertTrue(
          result.message().contains("(expected: a program of the agent's package, because exec"),
          program + ": " + result.message());
    }
  }

  @Test
  void anotherAgentsPackageIsNotItsOwn() throws Exception {
    succeeds(install(plain()));
    rule(NO_EXEC);
    AgentDefinition thief =
        SampleDefinitions.named(
            "thief",
            "beats",
            Optional.empty(),
            List.of(host.agent("filebeat").version("1").resolve("filebeat").toString()),
            List.of(),
            Optional.empty(),
            Optional.empty());
    OperationResult result =
        host.run(operations, new Command.Install(new AgentId(new UUID(2, 2)), thief, 1, false));
    assertTrue(
        result.message().startsWith("refused by the host's policy: command: "), result::message);
  }

  @Test
  void aScriptCountsAsTheProgramThatReadsIt() throws Exception {
    Path allowed = Files.createDirectory(folder.resolve("allowed"));
    rule(policy(Optional.empty(), Optional.of(List.of(allowed.toRealPath())), true));
    String expected =
        " (expected: a program of the agent's package or below one of paths: ["
            + allowed.toRealPath()
            + "])";
    Path shell = Path.of("/bin/sh").toRealPath();
    refused(
        "command: /bin/sh, which is " + shell + expected,
        exec(new Command.Exec.Work.ShellScript("id", List.of())));
    refused(
        "command: /bin/sh, which is " + shell + expected,
        exec(new Command.Exec.Work.ShellScript("#! /bin/sh -e\nid", List.of())));
    Files.createSymbolicLink(allowed.resolve("sh"), shell);
    refused(
        "command: " + allowed.resolve("sh") + ", which is " + shell + expected,
        exec(new Command.Exec.Work.Arguments(List.of(allowed.resolve("sh").toString()))));
  }

  @Test
  void usersAreJudgedByWhatTheyAre() {
    rule(policy(Optional.of(Set.of("metrics")), Optional.empty(), true));
    refused("user: beats (expected: one of users: [metrics])", install(plain()));
    String own = host.accounts.own().name();
    refused(
        host.accounts.own().uid() == 0
            ? "user: " + own + " has uid 0 (expected: another uid, because root: false)"
            : "user: " + own + " (expected: one of users: [metrics])",
        exec(new Command.Exec.Work.Arguments(List.of("/bin/true"))));
  }

  @Test
  void anUnsignedPackageIsNotEvenFetched() throws Exception {
    rule(
        new Policy(
            Optional.empty(),
            true,
            Optional.empty(),
            TestPolicies.someKey(),
            true,
            EnumSet.allOf(OperationKind.class),
            new VariableRules(List.of(), List.of()),
            Optional.empty(),
            true,
            Optional.empty()));
    refused(
        "package: filebeat@1 is not signed (expected: a signature by a key of packages.keys)",
        install(plain()));
    assertFalse(Files.exists(host.folders.packages()), "something was fetched");
  }

  @Test
  void theSidecarItselfIsReplacedOnlyWhereTheRulesSaySo() {
    rule(
        new Policy(
            Optional.empty(),
            true,
            Optional.empty(),
            Policy.USUAL.packages(),
            true,
            EnumSet.of(OperationKind.EXEC),
            new VariableRules(List.of(), List.of()),
            Optional.empty(),
            true,
            Optional.empty()));
    refused(
        "operation: upgrade-sidecar (expected: one of operations: [exec])",
        new Command.UpgradeSidecar(
            host.artifacts.add("easyagent-sidecar-linux-x86_64", "2.0.1", new byte[10])));
    refused(
        "operation: configure-sidecar (expected: one of operations: [exec])",
        new Command.ConfigureSidecar("log: {level: debug}"));
    assertEquals(List.of(), host.artifacts.offsets());
  }

  @Test
  void whatWasInstalledBeforeIsNotStartedAgainAndMayBeStopped() {
    succeeds(install(plain()));
    succeeds(new Command.Start(TestHost.FILEBEAT));
    rule(policy(Optional.of(Set.of("metrics")), Optional.empty(), true));
    String reason = "user: beats (expected: one of users: [metrics])";
    refused(reason, new Command.Restart(TestHost.FILEBEAT));
    refused(reason, new Command.Start(TestHost.FILEBEAT));
    succeeds(new Command.Stop(TestHost.FILEBEAT));
    succeeds(new Command.Uninstall(TestHost.FILEBEAT, true));
  }

  /** Nobody asks for it: the sidecar starts it again by itself. */
  @Test
  void aLaunchIsJudgedByTheRulesOfItsMoment() throws Exception {
    succeeds(install(plain()));
    LaunchPlan plan = host.plans.plan(host.disk.state().agents().values().iterator().next());
    assertEquals(Optional.empty(), host.rules.againstLaunch(plan));

    rule(policy(Optional.of(Set.of("metrics")), Optional.empty(), true));
    assertEquals(
        Optional.of(
            "refused by the host's policy: user: beats (expected: one of users: [metrics])"),
        host.rules.againstLaunch(plan));

    host.policy = new PolicySource.State.Unusable("policy.yaml:1: exec: maybe");
    assertEquals(
        Optional.empty(), host.rules.againstLaunch(plan), "a slip of the pen stops nothing");
  }

  /** However it came there: an archive with such a link is refused already. */
  @Test
  void aLinkOutOfAPackageIsNoProgramOfIt() throws Exception {
    succeeds(install(plain()));
    Path version = host.agent("filebeat").version("1");
    Files.setPosixFilePermissions(version, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(version.resolve("shell"), Path.of("/bin/sh"));
    rule(NO_EXEC);

    OperationResult result =
        host.run(
            operations,
            new Command.Configure(
                TestHost.FILEBEAT,
                with(
                    plain(),
                    List.of("{{package}}/shell"),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of()),
                2));

    assertTrue(
        result.message().contains("(expected: a program of the agent's package, because exec"),
        result::message);
  }

  @Test
  void anUninstallScriptOfEarlierTimesIsNotRun() {
    succeeds(install(scripted(Optional.empty(), script())));
    rule(NO_EXEC);
    refused(
        "uninstall (expected: none, because exec: false)",
        new Command.Uninstall(TestHost.FILEBEAT, false));
    succeeds(new Command.Configure(TestHost.FILEBEAT, plain(), 2));
    succeeds(new Command.Uninstall(TestHost.FILEBEAT, false));
  }

  @Test
  void aPolicyThatCannotBeUsedRefusesEveryCommand() {
    succeeds(install(plain()));
    host.policy = new PolicySource.State.Unusable("policy.yaml:1: exec: maybe");
    for (Command command :
        List.of(
            install(plain()),
            new Command.Start(TestHost.FILEBEAT),
            new Command.Stop(TestHost.FILEBEAT),
            new Command.Uninstall(TestHost.FILEBEAT, true),
            exec(new Command.Exec.Work.Arguments(List.of("/bin/true"))))) {
      refused("it cannot be relied on: policy.yaml:1: exec: maybe", command);
    }
  }

  @Test
  void aCommandThatWaitedIsJudgedByTheRulesOfItsTurn() {
    succeeds(install(scripted(Optional.empty(), Optional.empty())));
    host.tasks.hold();
    TakenCommand first =
        host.command(
            new Command.Exec(
                Optional.of(TestHost.FILEBEAT),
                new Command.Exec.Work.Arguments(List.of("/bin/true")),
                Optional.empty(),
                Map.of()));
    TakenCommand second = host.command(new Command.Start(TestHost.FILEBEAT));
    operations.take(first);
    operations.take(second);
    Eventually.await(TestHost.SOON, "the first runs", () -> host.tasks.launches().size() == 1);
    rule(policy(Optional.of(Set.of("metrics")), Optional.empty(), true));
    host.tasks.finish(host.tasks.launches().getFirst().id(), FakeTasks.WELL);
    assertEquals(Outcome.SUCCEEDED, host.await(first).outcome());
    assertEquals(
        "refused by the host's policy: user: beats (expected: one of users: [metrics])",
        host.await(second).message());
  }

  /** Programs take settings and code from their folder and their home. */
  @Test
  void anotherUserDoesNotWorkInTheFolderOfTheAgents() throws Exception {
    succeeds(install(plain()));
    succeeds(execAs("beats"));
    Path data = host.agent("filebeat").data();
    assertEquals(data, host.tasks.launches().getLast().plan().workingFolder());
    succeeds(execAs(host.accounts.own().name()));
    boolean another = host.accounts.own().uid() != host.accounts.beats().uid();
    var plan = host.tasks.launches().getLast().plan();
    assertEquals(another ? Path.of("/") : data, plan.workingFolder());
    assertEquals(
        (another ? host.accounts.own().home() : data).toString(), plan.environment().get("HOME"));
  }

  private static Command.Exec execAs(String user) {
    return new Command.Exec(
        Optional.of(TestHost.FILEBEAT),
        new Command.Exec.Work.Arguments(List.of("/bin/true")),
        Optional.of(user),
        Map.of());
  }

  @Test
  void aRefusalIsTheCommandsEndWheneverItIsAskedFor() {
    rule(NO_EXEC);
    TakenCommand command =
        host.command(exec(new Command.Exec.Work.Arguments(List.of("/bin/true"))));
    operations.take(command);
    host.await(command);
    rule(Policy.USUAL);
    operations.take(command);
    operations.close();
    JournalledOperations next = host.start();
    next.take(command);
    assertEquals(Outcome.FAILED, host.await(command).outcome());
    assertEquals(List.of(), host.tasks.launches());
  }
}
