package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.HealthCheck.OnFailure;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readiness and health of real processes, asked by commands. */
class ProbesIT {
  @TempDir private Path folder;
  private final AgentId agent = Rig.newAgent();
  private final String marker = Rig.marker();
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, CgroupParents.NONE);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    Rig.get(rig.supervision.stop(agent));
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
    rig.close();
  }

  private Probe fileExists(String name) {
    return new Probe.Command(List.of("/usr/bin/test", "-e", folder.resolve(name).toString()));
  }

  private static AgentDefinition service(Optional<Readiness> ready, Optional<HealthCheck> health) {
    return Rig.with(
        Rig.definition(AgentType.SERVICE, Rig.ALWAYS), Rig.ownUser(), ready, health, Limits.NONE);
  }

  private LaunchPlan plan(Optional<Readiness> ready, Optional<HealthCheck> health) {
    return rig.shell(
        service(ready, health),
        "touch " + folder.resolve("ready") + "; while :; do sleep 1; done # " + marker);
  }

  private HealthCheck health(Probe probe, OnFailure onFailure) {
    return new HealthCheck(
        probe, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ZERO, 2, onFailure);
  }

  @Test
  void aStartWaitsForReadiness() {
    rig.supervision.supervise(
        agent,
        plan(
            Optional.of(new Readiness(fileExists("ready"), Duration.ofSeconds(20))),
            Optional.empty()),
        DesiredState.STOPPED);
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    assertTrue(Files.exists(folder.resolve("ready")));
  }

  @Test
  void whatIsNotReadyInTimeDidNotStart() {
    rig.supervision.supervise(
        agent,
        plan(
            Optional.of(new Readiness(fileExists("never"), Duration.ofMillis(400))),
            Optional.empty()),
        DesiredState.STOPPED);
    assertEquals(
        new StartResult.DidNotStart("not ready within 0.4 s: exit 1"),
        Rig.get(rig.supervision.start(agent)));
  }

  private LaunchPlan ready(Readiness.Sign sign, Duration timeout, String script) {
    return rig.shell(
        service(Optional.of(new Readiness(sign, timeout)), Optional.empty()),
        script + "; while :; do sleep 1; done # " + marker);
  }

  @Test
  void aStartWaitsForTheDelay() {
    rig.supervision.supervise(
        agent,
        ready(new Readiness.Sign.StayedUp(), Duration.ofMillis(1500), "true"),
        DesiredState.STOPPED);
    long begin = System.nanoTime();
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    assertTrue(System.nanoTime() - begin >= Duration.ofMillis(1500).toNanos());
  }

  @Test
  void whatDoesNotStayUpForTheDelayDidNotStart() {
    rig.supervision.supervise(
        agent,
        ready(new Readiness.Sign.StayedUp(), Duration.ofSeconds(30), "sleep 1.2; exit 4"),
        DesiredState.STOPPED);
    StartResult.DidNotStart result =
        assertInstanceOf(StartResult.DidNotStart.class, Rig.get(rig.supervision.start(agent)));
    assertTrue(result.cause().startsWith("exit 4 after 1."), result.cause());
  }

  @Test
  void aStartWaitsForALineOfThisRunsOutput() throws IOException {
    Files.writeString(folder.resolve("logs/test-agent.log"), "listening on port 1\n");
    Path go = folder.resolve("go");
    rig.supervision.supervise(
        agent,
        ready(
            new Readiness.Sign.Line("listening on port"),
            Duration.ofSeconds(20),
            "while ! [ -e " + go + " ]; do sleep 0.05; done; echo now listening on port 2 >&2"),
        DesiredState.STOPPED);
    var started = rig.supervision.start(agent).toCompletableFuture();
    // A second is what makes an agent without a sign count as running.
    Eventually.await(
        Rig.PATIENCE,
        "it is up for longer than that",
        () ->
            rig.supervision
                .observe(agent)
                .since()
                .isBefore(java.time.Instant.now().minusMillis(1500)));
    assertEquals(ObservedAgent.State.STARTING, rig.supervision.observe(agent).state());
    Files.createFile(go);
    assertInstanceOf(StartResult.Started.class, Rig.get(started));
  }

  @Test
  void whatNeverPrintsItsLineDidNotStart() {
    rig.supervision.supervise(
        agent,
        ready(new Readiness.Sign.Line("listening"), Duration.ofMillis(600), "echo list ening"),
        DesiredState.STOPPED);
    assertEquals(
        new StartResult.DidNotStart(
            "not ready within 0.6 s: no line of its output has \"listening\""),
        Rig.get(rig.supervision.start(agent)));
  }

  @Test
  void anUnhealthyAgentIsReportedAndRecovers() throws IOException {
    rig.supervision.supervise(
        agent,
        plan(Optional.empty(), Optional.of(health(fileExists("well"), OnFailure.REPORT))),
        DesiredState.STOPPED);
    StartResult.Started started =
        assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    awaitHealth(ObservedAgent.Health.UNHEALTHY);
    assertEquals("unhealthy: exit 1", rig.supervision.observe(agent).cause());
    Files.createFile(folder.resolve("well"));
    awaitHealth(ObservedAgent.Health.HEALTHY);
    assertEquals(started.pid(), rig.supervision.observe(agent).pid().orElseThrow());
    assertTrue(rig.happened.contains("healthy: healthy again"), rig.happened.toString());
  }

  @Test
  void anUnhealthyAgentIsRestartedWhenItsDefinitionSaysSo() {
    rig.supervision.supervise(
        agent,
        plan(Optional.empty(), Optional.of(health(fileExists("well"), OnFailure.RESTART))),
        DesiredState.STOPPED);
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    Eventually.await(
        Rig.PATIENCE, "a successor", () -> rig.supervision.observe(agent).restarts() > 0);
    assertTrue(rig.happened.contains("unhealthy: exit 1"), rig.happened.toString());
  }

  @Test
  void anUnhealthyAgentStaysStoppedAlsoUnderTheNextSidecar() throws IOException {
    Files.createFile(folder.resolve("well"));
    LaunchPlan plan =
        plan(Optional.empty(), Optional.of(health(fileExists("well"), OnFailure.STOP)));
    rig.supervision.supervise(agent, plan, DesiredState.STOPPED);
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    awaitHealth(ObservedAgent.Health.HEALTHY);
    Files.delete(folder.resolve("well"));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    String cause = "unhealthy: exit 1 (stopped; it stays so until it is started)";
    assertEquals(cause, rig.supervision.observe(agent).cause());
    assertEquals(List.of(), Rig.running(marker));

    Files.createFile(folder.resolve("well"));
    for (boolean booted : new boolean[] {false, true}) {
      rig.close();
      if (booted) {
        Path launch = folder.resolve("run").resolve(agent.toString()).resolve("launch");
        Files.writeString(
            launch,
            Files.readString(launch)
                .replace(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
                    UUID.randomUUID().toString()));
      }
      rig = new Rig(folder, CgroupParents.NONE);
      Rig.get(rig.supervision.supervise(agent, plan, DesiredState.RUNNING));
      rig.awaitState(agent, ObservedAgent.State.EXITED);
      assertEquals(cause, rig.supervision.observe(agent).cause());
      assertEquals(List.of(), Rig.running(marker));
    }

    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    rig.close();
    rig = new Rig(folder, CgroupParents.NONE);
    Rig.get(rig.supervision.supervise(agent, plan, DesiredState.RUNNING));
    assertEquals(ObservedAgent.State.RUNNING, rig.supervision.observe(agent).state());
  }

  @Test
  void whatASidecarWasStoppingWhenItDiedIsStoppedByTheNext() throws IOException {
    LaunchPlan stubborn =
        rig.shell(
            service(Optional.empty(), Optional.of(health(fileExists("well"), OnFailure.STOP))),
            "trap 'echo asked' TERM; while :; do sleep 0.1; done # " + marker);
    rig.supervision.supervise(agent, stubborn, DesiredState.STOPPED);
    Rig.get(rig.supervision.start(agent));
    rig.awaitState(agent, ObservedAgent.State.STOPPING);
    rig.close();
    rig = new Rig(folder, CgroupParents.NONE);
    Rig.get(rig.supervision.supervise(agent, stubborn, DesiredState.RUNNING));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertTrue(rig.supervision.observe(agent).cause().contains("stays so"), rig.happened::toString);
    assertEquals(0, rig.supervision.observe(agent).restarts());
  }

  @Test
  void aCheckThatTheSidecarMakesLateDoesNotCount() throws Exception {
    Path asked = folder.resolve("asked");
    Probe probe =
        new Probe.Command(
            List.of("/bin/sh", "-c", "echo >> " + asked + "; test -e " + folder.resolve("well")));
    HealthCheck check =
        new HealthCheck(
            probe,
            Duration.ofMillis(1500),
            Duration.ofSeconds(5),
            Duration.ZERO,
            1,
            OnFailure.REPORT);
    rig.supervision.supervise(
        agent, plan(Optional.empty(), Optional.of(check)), DesiredState.STOPPED);
    Rig.get(rig.supervision.start(agent));
    CountDownLatch held = new CountDownLatch(1);
    rig.scheduler.execute(() -> awaitQuietly(held));
    long begin = System.nanoTime();
    Eventually.await(
        Rig.PATIENCE,
        "the check is late",
        () -> System.nanoTime() - begin > Duration.ofMillis(2800).toNanos());
    assertTrue(Files.notExists(asked));
    held.countDown();
    Eventually.await(Rig.PATIENCE, "it is made", () -> Files.exists(asked));
    Files.createFile(folder.resolve("well"));
    awaitHealth(ObservedAgent.Health.HEALTHY);
    assertTrue(
        rig.happened.stream().noneMatch(line -> line.startsWith("unhealthy")),
        rig.happened::toString);
    Files.delete(folder.resolve("well"));
    awaitHealth(ObservedAgent.Health.UNHEALTHY);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aProbeThatHangsTimesOutAndLeavesNothing() {
    Probe hanging =
        new Probe.Command(List.of("/bin/sh", "-c", "sleep 1000 & sleep 1000; : probe-" + marker));
    HealthCheck check =
        new HealthCheck(
            hanging,
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ZERO,
            2,
            OnFailure.REPORT);
    rig.supervision.supervise(
        agent, plan(Optional.empty(), Optional.of(check)), DesiredState.STOPPED);
    Rig.get(rig.supervision.start(agent));
    awaitHealth(ObservedAgent.Health.UNHEALTHY);
    assertEquals("unhealthy: timed out", rig.supervision.observe(agent).cause());
    Rig.get(rig.supervision.stop(agent));
    Eventually.await(Rig.PATIENCE, "no probe runs", () -> Rig.running("probe-" + marker).isEmpty());
  }

  private void awaitHealth(ObservedAgent.Health health) {
    Eventually.await(
        Rig.PATIENCE, "it is " + health, () -> rig.supervision.observe(agent).health() == health);
  }
}
