package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.secret.SecretValue;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** These wait more than they work: several run at once, each in folders of its own. */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@MethodSource("io.easyagent.sidecar.supervise.Rig#everyContainment")
class SupervisionIT {
  private static final AgentDefinition SERVICE = Rig.definition(AgentType.SERVICE, Rig.ALWAYS);
  private static final AgentDefinition ONESHOT = Rig.definition(AgentType.ONESHOT, Rig.NEVER);

  @TempDir private Path folder;
  private final CgroupParents cgroups;
  private final AgentId agent = Rig.newAgent();
  private final String marker = Rig.marker();
  private Rig rig;

  SupervisionIT(CgroupParents cgroups) {
    this.cgroups = Rig.apart(cgroups);
  }

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, cgroups);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    try {
      rig.supervision.stop(agent);
      Rig.get(rig.supervision.stop(agent));
    } catch (IllegalArgumentException neverSupervised) {
      assertTrue(neverSupervised.getMessage().contains("supervised"));
    }
    rig.close();
    Rig.removeCgroups(cgroups);
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
  }

  private StartResult start(LaunchPlan plan) {
    rig.supervision.supervise(agent, plan, DesiredState.STOPPED);
    return Rig.get(rig.supervision.start(agent));
  }

  private StartResult startSleeper() {
    return start(sleeper());
  }

  private LaunchPlan sleeper() {
    return rig.shell(SERVICE, "sleep 1000 & wait # " + marker);
  }

  private String causeOf(StartResult result) {
    return assertInstanceOf(StartResult.DidNotStart.class, result).cause();
  }

  @Test
  void startsAndStops() {
    StartResult.Started started = assertInstanceOf(StartResult.Started.class, startSleeper());
    ObservedAgent observed = rig.supervision.observe(agent);
    assertEquals(ObservedAgent.State.RUNNING, observed.state());
    assertEquals(started.pid(), observed.pid().orElseThrow());
    assertEquals(
        new StartResult.AlreadyRunning(started.pid()), Rig.get(rig.supervision.start(agent)));
    assertEquals(new StopResult.Stopped(false), Rig.get(rig.supervision.stop(agent)));
    assertEquals(new StopResult.AlreadyStopped(), Rig.get(rig.supervision.stop(agent)));
    assertEquals(ObservedAgent.State.STOPPED, rig.supervision.observe(agent).state());
    assertTrue(Files.notExists(folder.resolve("run").resolve(agent.toString())));
  }

  @Test
  void whatIgnoresItsSignalIsKilledAfterTheGrace() {
    start(rig.shell(SERVICE, "trap '' TERM; while :; do sleep 1; done # " + marker));
    assertEquals(new StopResult.Stopped(true), Rig.get(rig.supervision.stop(agent)));
  }

  @Test
  void theExactExitIsTheCauseWithTheLastWords() throws IOException {
    AgentDefinition never = Rig.definition(AgentType.SERVICE, Rig.NEVER);
    String cause = causeOf(start(rig.shell(never, "echo data path already locked >&2; exit 143")));
    assertTrue(cause.startsWith("exit 143 after 0."), cause);
    assertTrue(cause.endsWith(": \"data path already locked\""), cause);
    assertEquals("data path already locked\n", rig.log());
    assertEquals(ObservedAgent.State.EXITED, rig.supervision.observe(agent).state());
  }

  @Test
  void theOutputIsRotatedAndTheLastWordsAreToldStill() throws IOException {
    AgentDefinition never = Rig.definition(AgentType.SERVICE, Rig.NEVER);
    Path first = folder.resolve("logs").resolve("test-agent.log.00000000000000000000");
    start(
        rig.shell(
            never,
            "seq 1 300000; until [ -e "
                + first
                + " ]; do sleep 0.02; done; echo the end; exit 3 # "
                + marker));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    String cause = rig.supervision.observe(agent).cause();
    assertTrue(cause.endsWith("299999 | 300000 | the end\""), cause);
    KeptLog log = KeptLog.of(folder.resolve("logs"), "test-agent");
    assertEquals(0, log.begin());
    assertEquals(Files.size(folder.resolve("logs").resolve("test-agent.log")), log.end());
  }

  @Test
  void anAgentIsHeldStillAndReleased() throws Exception {
    start(rig.shell(SERVICE, "while :; do echo x; done # " + marker));
    Path log = folder.resolve("logs").resolve("test-agent.log");
    AgentCgroup cgroup = new AgentCgroup(cgroups, agent.toString());
    CgroupPause pause = new CgroupPause(cgroup, System::nanoTime);
    boolean held = pause.hold();
    try {
      assertEquals(cgroup.exists(), held);
      long size = Files.size(log);
      assertEquals(0, new ProcessBuilder("sleep", "0.1").start().waitFor());
      assertEquals(held, Files.size(log) == size);
    } finally {
      pause.release();
    }
    long size = Files.size(log);
    Eventually.await(Rig.PATIENCE, "it writes on", () -> Files.size(log) > size);
  }

  @Test
  void anAgentThatADyingSidecarHasHeldStillIsReleased() throws Exception {
    start(rig.shell(SERVICE, "while :; do echo x; sleep 0.01; done # " + marker));
    Path log = folder.resolve("logs").resolve("test-agent.log");
    new CgroupPause(new AgentCgroup(cgroups, agent.toString()), System::nanoTime).hold();
    rig.close();
    rig = new Rig(folder, cgroups);
    Rig.get(
        rig.supervision.supervise(
            agent, rig.shell(SERVICE, "exit 0 # " + marker), DesiredState.RUNNING));
    long size = Files.size(log);
    Eventually.await(Rig.PATIENCE, "it writes on", () -> Files.size(log) > size);
  }

  @Test
  void aSignalIsToldFromAnExit() {
    AgentDefinition never = Rig.definition(AgentType.SERVICE, Rig.NEVER);
    String cause = causeOf(start(rig.shell(never, "kill -TERM $$; sleep 9")));
    assertTrue(cause.startsWith("ended by SIGTERM"), cause);
  }

  @Test
  void aProgramThatDoesNotExistIsNotStarted() {
    AgentDefinition never = Rig.definition(AgentType.SERVICE, Rig.NEVER);
    String cause = causeOf(start(rig.plan(never, "/no/such/program")));
    assertTrue(cause.startsWith("not started: "), cause);
    assertTrue(cause.contains("/no/such/program"), cause);
  }

  @Test
  void anUnknownUserIsNotStarted() {
    AgentDefinition stranger =
        Rig.with(
            Rig.definition(AgentType.SERVICE, Rig.NEVER),
            "nobody-of-that-name",
            Optional.empty(),
            Optional.empty(),
            Limits.NONE);
    assertEquals(
        "user: nobody-of-that-name (expected: a user of this host)",
        causeOf(start(rig.shell(stranger, "true"))));
  }

  @Test
  void anotherUserGetsItsIdentityAndNothingOfOurs() throws IOException {
    String name = Rig.ownUser().equals("nobody") ? "daemon" : "nobody";
    AgentDefinition other =
        Rig.with(ONESHOT, name, Optional.empty(), Optional.empty(), Limits.NONE);
    StartResult result =
        start(rig.shell(other, "id -u; id -G; umask; grep CapInh /proc/self/status"));
    if (Rig.ownUser().equals("root")) {
      assertEquals(new StartResult.Started(0), result);
      List<String> lines = rig.log().lines().toList();
      assertEquals("65534", lines.get(0));
      assertEquals("65534", lines.get(1));
      assertEquals("0022", lines.get(2));
      assertEquals("CapInh:\t0000000000000000", lines.get(3));
    } else {
      assertTrue(causeOf(result).contains("does not run as root"), causeOf(result));
    }
  }

  @Test
  void theEnvironmentIsExactlyThePlans() throws IOException {
    start(rig.shell(ONESHOT, "env -0 | sort -z | tr '\\0' ';'; env | grep -c '^GREETING='"));
    String log = rig.log();
    assertTrue(log.contains("GREETING=it's \"quoted\" $HOME\nsecond line;"), log);
    assertTrue(log.contains("EASYAGENT_LAUNCH_ID="), log);
    assertEquals(-1, log.indexOf("EASYAGENT_READ_"), log);
    assertEquals(-1, log.indexOf("JAVA_HOME"), log);
  }

  private static LaunchPlan with(LaunchPlan plan, Map<String, String> environment, String secret) {
    return new LaunchPlan(
        plan.definition(),
        plan.command(),
        environment,
        plan.workingFolder(),
        plan.logFolder(),
        Redaction.of(List.of(new SecretValue(secret))));
  }

  @Test
  void theEnvironmentIsInNoOtherProcess() throws IOException {
    String secret = "hunter22-" + marker;
    start(
        with(
            rig.shell(SERVICE, "unset API_KEY; sleep 1000 & echo up; wait"),
            Map.of("PATH", "/usr/bin:/bin", "API_KEY", secret),
            secret));
    int pid = rig.supervision.observe(agent).pid().orElseThrow();

    List<Long> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      for (String file : List.of("environ", "cmdline")) {
        try {
          Path text = Path.of("/proc", Long.toString(process.pid()), file);
          if (Files.readString(text, StandardCharsets.ISO_8859_1).contains(secret)) {
            found.add(process.pid());
          }
        } catch (IOException gone) {
          // It ended meanwhile, or is not this user's.
          continue;
        }
      }
    }

    // What it had when it began is its own; neither its keeper's nor its child's.
    assertEquals(List.of((long) pid), found);
  }

  /** Pipes hold 64 KiB, and shells have bytes of their own that they do not like in texts. */
  @Test
  void anEnvironmentOfEverySizeAndCharacterArrives() throws IOException {
    StringBuilder odd = new StringBuilder();
    for (char character = 1; character < 0x250; character++) {
      odd.append(character);
    }
    odd.append("\n#end\n\n");
    start(
        with(
            rig.shell(ONESHOT, "printf %s \"$ODD$LARGE\" | sha256sum"),
            Map.of("ODD", odd.toString(), "LARGE", "x'y\n".repeat(30_000)),
            marker));

    assertEquals(sha256(odd + "x'y\n".repeat(30_000)), rig.log().strip().split(" ", -1)[0]);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void argumentsOfEveryCharacterArrive() throws IOException {
    StringBuilder odd = new StringBuilder("$(exit 1) `exit 1` \"\\\n'");
    for (char character = 1; character < 0x250; character++) {
      odd.append(character);
    }
    start(rig.plan(ONESHOT, "/usr/bin/printf", "%s|", "", "-n", odd.toString(), "last\n"));
    assertEquals("|-n|" + odd + "|last\n|", rig.log());
  }

  @Test
  void anArgumentWithANulIsNotStarted() {
    String cause = causeOf(start(rig.plan(SERVICE, "/bin/echo", "a\0b")));
    assertEquals("command: it holds a NUL (expected: text)", cause);
  }

  @Test
  void theCauseOfACrashShowsNoSecret() {
    String secret = "hunter22-" + marker;
    start(
        with(
            rig.shell(ONESHOT, "echo \"no access with $API_KEY\"; exit 3"),
            Map.of("PATH", "/usr/bin:/bin", "API_KEY", secret),
            secret));
    Eventually.await(
        Rig.PATIENCE,
        "the end",
        () -> rig.supervision.observe(agent).state() == ObservedAgent.State.EXITED);

    String cause = rig.supervision.observe(agent).cause();
    assertTrue(cause.contains("no access with ******"), cause);
    assertFalse(rig.happened.toString().contains(secret), rig.happened::toString);
  }

  @Test
  void signalsHaveTheirDefaultsAndTheInputIsEmpty() throws IOException {
    start(
        rig.shell(ONESHOT, "grep SigBlk /proc/self/status; grep SigIgn /proc/self/status; wc -c"));
    List<String> lines = rig.log().lines().toList();
    // The two above the standard ones belong to the C library: nobody can reset them.
    long standard = 0x7fffffffL;
    assertEquals(0, Long.parseLong(lines.get(0).substring(8), 16) & standard);
    assertEquals(0, Long.parseLong(lines.get(1).substring(8), 16) & standard);
    assertEquals("0", lines.get(2));
  }

  @Test
  void aCrashIsRestartedAtOnceThenWithBackOff() {
    StartResult.Started started = assertInstanceOf(StartResult.Started.class, startSleeper());
    ProcessHandle.of(started.pid()).orElseThrow().destroyForcibly();
    Eventually.await(
        Rig.PATIENCE,
        "a successor",
        () ->
            rig.supervision.observe(agent).pid().orElse(0) > 0
                && rig.supervision.observe(agent).pid().orElse(0) != started.pid());
    int second = rig.supervision.observe(agent).pid().orElseThrow();
    assertEquals(1, rig.supervision.observe(agent).restarts());
    assertTrue(
        rig.happened.stream().anyMatch(line -> line.startsWith("exited: ended by SIGKILL")),
        rig.happened.toString());
    ProcessHandle.of(second).orElseThrow().destroyForcibly();
    rig.awaitState(agent, ObservedAgent.State.BACKING_OFF);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(2, rig.supervision.observe(agent).restarts());
  }

  /** Rules may have become stricter since the agent was installed. */
  @Test
  void whatTheHostsRulesForbidByNowIsNotStartedAgain() {
    StartResult.Started started = assertInstanceOf(StartResult.Started.class, startSleeper());
    rig.refusal = Optional.of("user: beats (expected: one of users: [metrics])");
    ProcessHandle.of(started.pid()).orElseThrow().destroyForcibly();

    Eventually.await(
        Rig.PATIENCE,
        "its cause",
        () -> rig.supervision.observe(agent).cause().contains("one of users: [metrics]"));

    assertEquals(List.of(), Rig.running(marker));
    assertEquals(rig.refusal.get(), causeOf(Rig.get(rig.supervision.start(agent))));
  }

  @Test
  void aProgramThatDaemonisesIsRefusedAndItsTreeKilled() {
    AgentDefinition never = Rig.definition(AgentType.SERVICE, Rig.NEVER);
    String cause =
        causeOf(start(rig.shell(never, "setsid sh -c 'sleep 1000; : " + marker + "' & exit 0")));
    assertTrue(cause.endsWith("run it in the foreground"), cause);
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void whatLeftGroupAndSessionIsStoppedToo() {
    start(
        rig.shell(
            SERVICE,
            "setsid sh -c 'trap \"\" TERM; sleep 1000; : "
                + marker
                + "' & while :; do sleep 1; done"));
    Eventually.await(Rig.PATIENCE, "both run", () -> Rig.running(marker).size() >= 2);
    assertInstanceOf(StopResult.Stopped.class, Rig.get(rig.supervision.stop(agent)));
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void theConditionIsShownExactlyWithoutACgroup() {
    startSleeper();
    boolean shown =
        rig.supervision.observe(agent).conditions().stream()
            .anyMatch(condition -> condition.startsWith("no cgroup"));
    assertEquals(cgroups.equals(CgroupParents.NONE), shown);
  }

  @Test
  void aForkingBombIsClearedByItsCgroup() {
    // Burns out within minutes: of a test run that is killed nothing may run forever.
    String bomb =
        "bomb() { setsid sh -c \"$1\" bomb \"$1\" $(($2 - 1)) & }; : "
            + marker
            + "; [ \"$2\" -gt 0 ] && bomb \"$1\" \"$2\"; exit 0";
    startSleeper();
    Rig.get(rig.supervision.stop(agent));
    if (cgroups.equals(CgroupParents.NONE)) {
      // Without a cgroup nothing can promise this: the condition says so.
      return;
    }
    rig.supervision.plan(
        agent,
        rig.plan(
            Rig.definition(AgentType.SERVICE, Rig.ALWAYS),
            "/bin/sh",
            "-c",
            "(exec setsid sh -c \"$1\" bomb \"$1\" 50000) & while :; do sleep 1; done",
            "launch",
            bomb));
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    assertInstanceOf(StopResult.Stopped.class, Rig.get(rig.supervision.stop(agent)));
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void limitsAreSetOrAConditionSaysThatTheyAreNot() throws IOException {
    Limits limits =
        new Limits(
            OptionalDouble.of(0.5),
            OptionalLong.of(64 << 20),
            OptionalLong.of(50),
            OptionalLong.of(321));
    AgentDefinition limited =
        Rig.with(SERVICE, Rig.ownUser(), Optional.empty(), Optional.empty(), limits);
    start(rig.shell(limited, "ulimit -n; sleep 1000 # " + marker));
    assertEquals("321\n", rig.log());
    List<String> conditions = rig.supervision.observe(agent).conditions();
    boolean legacy = !cgroups.legacy().isEmpty();
    for (String controller : List.of("cpu", "memory", "pids")) {
      boolean missing =
          conditions.stream().anyMatch(line -> line.startsWith(controller + " limit not set"));
      boolean possible = legacy || unifiedHas(controller);
      assertEquals(!possible, missing, controller + ": " + conditions);
    }
    if (legacy) {
      Path pids = cgroups.legacy().get("pids").resolve(agent.toString()).resolve("pids.max");
      assertEquals("50", Files.readString(pids).strip());
    }
  }

  private boolean unifiedHas(String controller) throws IOException {
    return cgroups.unified().isPresent()
        && Files.readString(cgroups.unified().get().resolve("cgroup.controllers"))
            .contains(controller);
  }

  @Test
  void theEndOfAnAgentWhoseKeeperIsGoneIsUnknown() throws IOException {
    StartResult.Started started = assertInstanceOf(StartResult.Started.class, startSleeper());
    long keeper = ProcessHandle.of(started.pid()).orElseThrow().parent().orElseThrow().pid();
    ProcessHandle.of(keeper).orElseThrow().destroyForcibly();
    Eventually.await(Rig.PATIENCE, "the keeper is gone", () -> ProcessHandle.of(keeper).isEmpty());
    assertEquals(ObservedAgent.State.RUNNING, rig.supervision.observe(agent).state());
    ProcessHandle.of(started.pid()).orElseThrow().destroyForcibly();
    Eventually.await(
        Rig.PATIENCE, "a successor", () -> rig.supervision.observe(agent).restarts() == 1);
    assertTrue(
        rig.happened.contains("exited: ended, how is not known: its keeper ended first"),
        rig.happened.toString());
  }

  @Test
  void aOneshotsStartEndsWithItsExit() {
    assertEquals(new StartResult.Started(0), start(rig.shell(ONESHOT, "sleep 0.1")));
    assertEquals(ObservedAgent.State.EXITED, rig.supervision.observe(agent).state());
    rig.supervision.plan(agent, rig.shell(ONESHOT, "echo no; exit 3"));
    assertTrue(causeOf(Rig.get(rig.supervision.start(agent))).startsWith("exit 3"));
  }

  @Test
  void aProcessIsStartedAsItsSettingsSay() throws IOException {
    AgentDefinition settings =
        Rig.with(
                ONESHOT,
                Rig.ownUser(),
                Optional.empty(),
                Optional.empty(),
                new Limits(
                    OptionalDouble.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.of(0),
                    OptionalLong.of(4321)))
            .with(new ProcessSettings(027, OptionalInt.of(7)));
    start(
        rig.shell(
            settings, "umask; nice; ulimit -c; ulimit -Hc; grep processes /proc/self/limits"));
    List<String> lines = rig.log().lines().toList();
    assertEquals(List.of("0027", "7", "0", "0"), lines.subList(0, 4));
    assertTrue(lines.get(4).matches("Max processes +4321 +4321 .*"), lines.get(4));
    assertEquals(
        Rig.ownUser().equals("root"),
        rig.supervision.observe(agent).conditions().contains("processes limit does not bind root"));
  }

  @Test
  void withoutSettingsAProcessKeepsWhatItInherits() throws IOException {
    start(rig.shell(ONESHOT, "umask; nice; grep -e core -e processes /proc/self/limits"));
    List<String> lines = rig.log().lines().toList();
    assertEquals(List.of("0022", "0"), lines.subList(0, 2));
    List<String> own =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.contains("core") || line.contains("processes"))
            .toList();
    assertEquals(own, lines.subList(2, lines.size()));
  }

  @Test
  void aUserHasItsSupplementaryGroups() throws Exception {
    if (!Rig.ownUser().equals("root")) {
      return;
    }
    String name = "ea-" + UUID.randomUUID().toString().substring(0, 8);
    HostCommand.run("groupadd", name + "-more");
    try {
      HostCommand.run("useradd", "--no-create-home", "--groups", name + "-more", name);
      try {
        AgentDefinition other =
            Rig.with(ONESHOT, name, Optional.empty(), Optional.empty(), Limits.NONE);
        assertEquals(new StartResult.Started(0), start(rig.shell(other, "id -Gn")));
        assertEquals(Set.of(name, name + "-more"), Set.of(rig.log().strip().split(" ")), rig.log());
      } finally {
        HostCommand.run("userdel", name);
      }
    } finally {
      HostCommand.run("groupdel", name + "-more");
    }
  }

  @Test
  void endsThatAreASuccessAreNotRestartedOnFailure() {
    SuccessfulEnds success = new SuccessfulEnds(Set.of(143), Set.of("TERM"));
    AgentDefinition onFailure = Rig.definition(AgentType.SERVICE, Rig.onFailure(success));
    start(rig.shell(onFailure, "sleep 1.2; exit 143 # " + marker));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(0, rig.supervision.observe(agent).restarts());
    rig.supervision.plan(agent, rig.shell(onFailure, "sleep 1.2; kill -TERM $$ # " + marker));
    Rig.get(rig.supervision.start(agent));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(0, rig.supervision.observe(agent).restarts());
    rig.supervision.plan(agent, rig.shell(onFailure, "sleep 1.2; kill -INT $$ # " + marker));
    Rig.get(rig.supervision.start(agent));
    Eventually.await(
        Rig.PATIENCE, "a successor", () -> rig.supervision.observe(agent).restarts() > 0);
  }

  @Test
  void aCrashLoopIsTheCauseAndAnEvent() {
    RestartRule quick =
        new RestartRule(
            RestartRule.Policy.ALWAYS,
            Duration.ofMillis(10),
            Duration.ofMillis(400),
            Duration.ofMinutes(10));
    start(rig.shell(Rig.definition(AgentType.SERVICE, quick), "echo no disk; exit 4"));
    Eventually.await(
        Rig.PATIENCE,
        "the loop is shown",
        () ->
            rig.supervision
                .observe(agent)
                .cause()
                .matches(
                    "crash loop: [6-9] short runs in a row, last: exit 4 after 0\\.. s: \"no disk\""));
    List<String> begun =
        rig.happened.stream().filter(line -> line.startsWith("crash-loop: ")).toList();
    assertEquals(1, begun.size(), rig.happened.toString());
    assertTrue(
        begun.getFirst().startsWith("crash-loop: crash loop: 5 short runs in a row, last: exit 4"),
        begun.toString());
  }

  @Test
  void aLogThatIsALinkIsNotFollowed() throws IOException {
    Path victim = Files.createFile(folder.resolve("victim"));
    Files.createSymbolicLink(folder.resolve("logs/test-agent.log"), victim);
    assertInstanceOf(StartResult.DidNotStart.class, start(rig.shell(ONESHOT, "echo written")));
    assertEquals("", Files.readString(victim));
  }

  @Test
  void aSignalReachesTheMainProcess() throws IOException {
    start(rig.shell(SERVICE, "trap 'echo hup' HUP; while :; do sleep 0.05; done # " + marker));
    rig.supervision.signal(agent, "HUP");
    Eventually.await(Rig.PATIENCE, "the trap has run", () -> rig.log().contains("hup"));
    assertThrows(IllegalArgumentException.class, () -> rig.supervision.signal(agent, "HANGUP"));
  }

  @Test
  void onlyAStoppedAgentIsForgotten() {
    startSleeper();
    assertThrows(IllegalStateException.class, () -> rig.supervision.forget(agent));
    Rig.get(rig.supervision.stop(agent));
    rig.supervision.forget(agent);
    assertThrows(IllegalArgumentException.class, () -> rig.supervision.observe(agent));
  }

  @Test
  void whatIsNotToRunWaitsForNoTurn() {
    Rig.get(rig.supervision.supervise(agent, sleeper(), DesiredState.STOPPED, noTurnYet()));
    assertEquals(ObservedAgent.State.STOPPED, rig.supervision.observe(agent).state());
    rig.supervision.forget(agent);
  }

  @Test
  void aStopEndsTheWaitForATurn() {
    CompletableFuture<Void> turn = noTurnYet();
    Rig.get(rig.supervision.supervise(agent, sleeper(), DesiredState.RUNNING, turn));
    assertEquals(ObservedAgent.State.STARTING, rig.supervision.observe(agent).state());
    CompletionStage<StartResult> start = rig.supervision.start(agent);

    assertEquals(new StopResult.AlreadyStopped(), Rig.get(rig.supervision.stop(agent)));
    assertEquals("stopped before it had started", causeOf(Rig.get(start)));
    Rig.get(rig.supervision.settled(agent));

    turn.complete(null);
    assertEquals(new StopResult.AlreadyStopped(), Rig.get(rig.supervision.stop(agent)));
    assertEquals(List.of(), Rig.running(marker));
    rig.supervision.forget(agent);
  }

  @Test
  void whatIsToRunIsStartedWhenItsTurnHasCome() {
    CompletableFuture<Void> turn = noTurnYet();
    Rig.get(rig.supervision.supervise(agent, sleeper(), DesiredState.RUNNING, turn));
    CompletionStage<StartResult> start = rig.supervision.start(agent);
    assertEquals(List.of(), Rig.running(marker));
    turn.complete(null);
    assertInstanceOf(StartResult.Started.class, Rig.get(start));
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
  }

  private static CompletableFuture<Void> noTurnYet() {
    return new CompletableFuture<>();
  }

  @Test
  void anotherSidecarLifeAdoptsWhatRuns() throws IOException {
    StartResult.Started started = assertInstanceOf(StartResult.Started.class, startSleeper());
    rig.close();
    rig = new Rig(folder, cgroups);
    rig.supervision.supervise(agent, sleeper(), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(started.pid(), rig.supervision.observe(agent).pid().orElseThrow());
    assertNotEquals(0, Rig.running(marker).size());
  }
}
