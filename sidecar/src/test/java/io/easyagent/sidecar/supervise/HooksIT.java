package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.RestartRule.Policy;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks, well-behaved and hostile ones, of real agents. */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@MethodSource("io.easyagent.sidecar.supervise.Rig#everyContainment")
class HooksIT {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final String NEVER_ENDS = "trap '' TERM; while :; do sleep 0.1; done";

  @TempDir private Path folder;
  private final CgroupParents cgroups;
  private final AgentId agent = Rig.newAgent();
  private final String marker = Rig.marker();
  private Rig rig;

  HooksIT(CgroupParents cgroups) {
    this.cgroups = Rig.apart(cgroups);
  }

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, cgroups);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    Rig.get(rig.supervision.stop(agent));
    rig.close();
    Rig.removeCgroups(cgroups);
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
  }

  private Optional<Hook> hook(String script, Duration timeout) {
    return script.isEmpty()
        ? Optional.empty()
        : Optional.of(new Hook(List.of("/bin/sh", "-c", script + " # " + marker), timeout));
  }

  private static AgentDefinition service(Policy policy) {
    return Rig.definition(
        AgentType.SERVICE,
        new RestartRule(
            policy, Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMinutes(10)));
  }

  private LaunchPlan plan(
      AgentDefinition definition, String preStart, String main, String postStop, Duration timeout) {
    return rig.shell(
        definition.with(new Hooks(hook(preStart, timeout), hook(postStop, timeout))),
        main + " # " + marker);
  }

  private StartResult start(LaunchPlan plan) {
    rig.supervision.supervise(agent, plan, DesiredState.STOPPED);
    return Rig.get(rig.supervision.start(agent));
  }

  private String witness(String words) {
    return "echo " + words + " >> " + folder.resolve("witness");
  }

  private List<String> witnessed() throws IOException {
    Path file = folder.resolve("witness");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void awaitWitnessed(String last) {
    Eventually.await(Rig.PATIENCE, "it has come to " + last, () -> witnessed().contains(last));
  }

  private List<String> hookFailures() {
    return rig.happened.stream().filter(line -> line.startsWith("hook-failed: ")).toList();
  }

  @Test
  void hooksRunAroundTheProcessAsItDoes() throws IOException {
    String about = "$(id -un) $PWD $(umask) ${EASYAGENT_LAUNCH_ID:+launched}";
    start(
        plan(
            service(Policy.ALWAYS).with(new ProcessSettings(027, OptionalInt.empty())),
            "echo preStart " + about,
            "echo main " + about + "; sleep 1000 & wait",
            "echo postStop " + about + " $EASYAGENT_END $EASYAGENT_SIGNAL$EASYAGENT_EXIT_STATUS",
            Duration.ofSeconds(20)));
    assertEquals(new StopResult.Stopped(false), Rig.get(rig.supervision.stop(agent)));
    String same = " " + Rig.ownUser() + " /tmp 0027 launched";
    assertEquals(
        List.of("preStart" + same, "main" + same, "postStop" + same + " signalled TERM"),
        rig.log().lines().toList());
    assertEquals(List.of(), hookFailures());
    assertTrue(Files.notExists(folder.resolve("run").resolve(agent.toString())));
  }

  @Test
  void theyRunAroundEveryRestartToo() throws IOException {
    start(
        plan(
            service(Policy.ALWAYS),
            witness("pre"),
            witness("main $$") + "; sleep 1000 & wait",
            witness("post $EASYAGENT_END $EASYAGENT_SIGNAL"),
            Duration.ofSeconds(20)));
    int pid = rig.supervision.observe(agent).pid().orElseThrow();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Eventually.await(
        Rig.PATIENCE,
        "it runs again",
        () -> rig.supervision.observe(agent).pid().orElse(pid) != pid);
    int next = rig.supervision.observe(agent).pid().orElseThrow();
    awaitWitnessed("main " + next);
    assertEquals(
        List.of("pre", "main " + pid, "post signalled KILL", "pre", "main " + next), witnessed());
  }

  @ParameterizedTest
  @EnumSource
  void aPreStartThatFailsIsAFailedStartUnderEveryRestartRule(Policy policy) throws IOException {
    StartResult result =
        start(
            plan(
                service(policy),
                witness("pre") + "; echo no such disk; exit 3",
                witness("main"),
                witness("post $EASYAGENT_END $EASYAGENT_EXIT_STATUS"),
                Duration.ofSeconds(20)));
    String cause = assertInstanceOf(StartResult.DidNotStart.class, result).cause();
    assertTrue(cause.matches("preStart: exit 3 after 0\\.\\d s: \"no such disk\""), cause);
    if (policy == Policy.NEVER) {
      assertEquals(ObservedAgent.State.EXITED, rig.supervision.observe(agent).state());
      assertEquals(List.of("pre", "post exited 3"), witnessed());
    } else {
      Eventually.await(
          Rig.PATIENCE,
          "it is tried again and again",
          () -> rig.supervision.observe(agent).restarts() >= 5);
      assertTrue(
          rig.happened.stream().anyMatch(line -> line.startsWith("crash-loop: ")),
          rig.happened.toString());
      Rig.get(rig.supervision.stop(agent));
      List<String> parts = witnessed().stream().map(line -> line.split(" ", -1)[0]).toList();
      assertEquals("post", parts.getLast(), parts::toString);
      assertTrue(Set.copyOf(parts).equals(Set.of("pre", "post")), parts::toString);
      for (int part = 1; part < parts.size(); part++) {
        // A stop may come before the last preStart has got to its program.
        assertFalse(
            parts.get(part - 1).equals("pre") && parts.get(part).equals("pre"), parts::toString);
      }
    }
  }

  @Test
  void nothingOfAPreStartIsLeftWhenTheProcessIsLaunched() throws IOException {
    Path pid = folder.resolve("pid");
    start(
        plan(
            service(Policy.ALWAYS),
            "(setsid sh -c 'trap \"\" TERM; echo $$ > "
                + pid
                + "; while :; do sleep 0.1; done' &) ; while [ ! -s "
                + pid
                + " ]; do sleep 0.02; done; exit 0",
            "if grep -q ') [^Z]' /proc/$(cat "
                + pid
                + ")/stat; then "
                + witness("alive")
                + "; else "
                + witness("gone")
                + "; fi; sleep 1000 & wait",
            "",
            Duration.ofSeconds(20)));
    assertEquals(List.of("gone"), witnessed());
  }

  @Test
  void aStopDuringAPreStartEndsItAfterTheGrace() throws IOException {
    LaunchPlan plan =
        plan(
            service(Policy.ALWAYS),
            "trap '' TERM; " + witness("pre") + "; setsid sleep 1000 & while :; do sleep 0.1; done",
            witness("main"),
            witness("post"),
            Duration.ofSeconds(20));
    rig.supervision.supervise(agent, plan, DesiredState.STOPPED);
    var started = rig.supervision.start(agent);
    awaitWitnessed("pre");
    rig.awaitState(agent, ObservedAgent.State.STARTING);
    ObservedAgent observed = rig.supervision.observe(agent);
    assertEquals(ObservedAgent.State.STARTING, observed.state());
    assertEquals("preStart runs", observed.cause());
    assertTrue(observed.pid().isEmpty());
    assertEquals(new StopResult.Stopped(true), Rig.get(rig.supervision.stop(agent)));
    assertInstanceOf(StartResult.DidNotStart.class, Rig.get(started));
    assertEquals(List.of("pre", "post"), witnessed());
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void aPreStartThatNeverEndsIsKilledWithItsTree() throws IOException {
    StartResult result =
        start(
            plan(service(Policy.NEVER), "sleep 1000 & " + NEVER_ENDS, witness("main"), "", SHORT));
    assertEquals(new StartResult.DidNotStart("preStart: not done within 1.0 s"), result);
    assertEquals(List.of("hook-failed: preStart: not done within 1.0 s"), hookFailures());
    assertEquals(List.of(), witnessed());
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void aPostStopThatNeverEndsIsKilledWithItsTreeAndKeepsNothingFromGoingOn() throws IOException {
    start(
        plan(
            service(Policy.ALWAYS),
            "",
            witness("main $$") + "; sleep 1000 & wait",
            "(setsid sleep 1000 &); " + NEVER_ENDS,
            SHORT));
    assertEquals(new StopResult.Stopped(false), Rig.get(rig.supervision.stop(agent)));
    assertEquals("postStop: not done within 1.0 s", rig.supervision.observe(agent).cause());
    assertEquals(List.of("hook-failed: postStop: not done within 1.0 s"), hookFailures());
    assertEquals(List.of(), Rig.running(marker));
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
  }

  @Test
  void aProgramThatIsNotThereIsNamedWithItsHook() {
    AgentDefinition never = service(Policy.NEVER);
    Hook missing = new Hook(List.of("/no/such/program"), SHORT);
    LaunchPlan plan =
        rig.shell(
            never.with(new Hooks(Optional.of(missing), Optional.empty())), "true # " + marker);
    String cause = assertInstanceOf(StartResult.DidNotStart.class, start(plan)).cause();
    assertTrue(cause.startsWith("preStart: not started: "), cause);
    assertTrue(cause.contains("/no/such/program"), cause);
  }

  @Test
  void theHostsRulesAreAskedAtEveryLaunchOfAHook() throws IOException {
    start(
        plan(
            service(Policy.ALWAYS),
            "",
            "sleep 1000 & wait",
            witness("post"),
            Duration.ofSeconds(20)));
    rig.refusal = Optional.of("postStop.command (expected: none, because exec: false)");
    assertEquals(new StopResult.Stopped(false), Rig.get(rig.supervision.stop(agent)));
    assertEquals(List.of(), witnessed());
    assertEquals(
        List.of("hook-failed: postStop: postStop.command (expected: none, because exec: false)"),
        hookFailures());
  }
}
