package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sidecar is killed with -9 at every point of a start with hooks; the next one goes on from
 * there: nothing runs twice, and nothing is left out.
 */
@ParameterizedClass
@MethodSource("containments")
class KilledHookIT {
  @TempDir private Path folder;
  private final int containment;
  private final UUID id = UUID.randomUUID();
  private final AgentId agent = new AgentId(id);
  private final String marker = Rig.marker();
  private Optional<Rig> opened = Optional.empty();

  KilledHookIT(int containment) {
    this.containment = containment;
  }

  static Stream<Integer> containments() throws IOException {
    return IntStream.range(0, (int) Rig.everyContainment().count()).boxed();
  }

  static Stream<Arguments> pointsOfAStart() {
    return Arrays.stream(Phase.values())
        .flatMap(
            phase -> Arrays.stream(LaunchStep.values()).map(step -> Arguments.of(phase, step)));
  }

  @BeforeEach
  void write() throws IOException {
    writeHook(Phase.PRE_START, witness("pre"));
    writeHook(
        Phase.POST_STOP, witness("post $EASYAGENT_END $EASYAGENT_EXIT_STATUS$EASYAGENT_SIGNAL"));
  }

  @AfterEach
  void leaveNothing() throws IOException {
    if (opened.isPresent()) {
      Rig rig = opened.get();
      Files.write(folder.resolve("go"), new byte[0]);
      Rig.get(rig.supervision.stop(agent));
      rig.close();
      Rig.removeCgroups(rig.cgroups);
    }
    assertEquals(List.of(), Rig.running(marker));
  }

  private void writeHook(Phase phase, String script) throws IOException {
    Files.writeString(folder.resolve(phase.word()), script + "\n# " + marker + "\n");
  }

  private String witness(String words) {
    return "echo " + words + " >> " + folder.resolve("witness");
  }

  private List<String> witnessed() throws IOException {
    Path file = folder.resolve("witness");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private String main() {
    return witness("main") + "; exit 3 # " + marker;
  }

  private String untilGo(String script) {
    return script + "; while [ ! -e " + folder.resolve("go") + " ]; do sleep 0.02; done";
  }

  private Rig nextLife(DesiredState desired) throws IOException {
    Rig rig =
        new Rig(folder, SecondSidecar.containment(containment, ProcessHandle.current().pid()));
    opened = Optional.of(rig);
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, main()), desired);
    return rig;
  }

  @ParameterizedTest
  @MethodSource("pointsOfAStart")
  void eachPartOfAStartRunsExactlyOnceWhereverItWasCut(Phase phase, LaunchStep step)
      throws Exception {
    Process second =
        SecondSidecar.start(
            SecondSidecar.AGENT,
            folder,
            id,
            main(),
            containment,
            Optional.of(step),
            phase.ordinal() + 1);
    assertTrue(second.waitFor(30, TimeUnit.SECONDS), "the sidecar is gone");
    assertEquals(137, second.exitValue(), Files.readString(folder.resolve("second.err")));

    Rig rig = nextLife(DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(List.of("pre", "main", "post exited 3"), witnessed());
  }

  /** The sidecar is killed once the last line was witnessed. */
  private void killOnceWitnessed(String last) throws Exception {
    Process second =
        SecondSidecar.start(SecondSidecar.AGENT, folder, id, main(), containment, Optional.empty());
    try {
      Eventually.await(Rig.PATIENCE, "it has come to " + last, () -> witnessed().contains(last));
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PRE_START", "POST_STOP"})
  void aHookUnderWayIsAdoptedAndGoesOn(Phase phase) throws Exception {
    writeHook(phase, untilGo(witness(phase.word())));
    killOnceWitnessed(phase.word());
    Rig rig = nextLife(DesiredState.RUNNING);
    Eventually.await(
        Rig.PATIENCE,
        "it was adopted",
        () -> rig.happened.stream().anyMatch(line -> line.startsWith("adopted: " + phase.word())));
    ObservedAgent observed = rig.supervision.observe(agent);
    assertEquals(
        phase == Phase.PRE_START ? ObservedAgent.State.STARTING : ObservedAgent.State.STOPPING,
        observed.state());
    assertTrue(observed.cause().startsWith(phase.word() + " runs"), observed.cause());

    Files.createFile(folder.resolve("go"));
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(
        phase == Phase.PRE_START
            ? List.of("preStart", "main", "post exited 3")
            : List.of("pre", "main", "postStop"),
        witnessed());
  }

  @Test
  void aPreStartThatIsFoundAndNotWantedIsEndedWithItsTree() throws Exception {
    writeHook(
        Phase.PRE_START,
        "trap '' TERM; sleep 1000 & " + witness("pre") + "; while :; do sleep 0.1; done");
    killOnceWitnessed("pre");
    Rig rig = nextLife(DesiredState.STOPPED);
    rig.awaitState(agent, ObservedAgent.State.STOPPED);
    assertEquals(List.of("pre", "post signalled KILL"), witnessed());
    assertEquals(List.of(), Rig.running(marker));
  }

  @ParameterizedTest
  @EnumSource(names = {"PRE_START", "POST_STOP"})
  void aHookThatFailedIsToldByOneLifeOfTheSidecarOnly(Phase phase) throws Exception {
    writeHook(phase, witness("last") + "; exit 4");
    if (phase == Phase.PRE_START) {
      Files.delete(folder.resolve(Phase.POST_STOP.word()));
    }
    Rig first = nextLife(DesiredState.RUNNING);
    first.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(1, failedHooks(first).size(), first.happened::toString);
    Eventually.await(
        Rig.PATIENCE,
        "that it was told is written down",
        () -> Files.exists(folder.resolve("run").resolve(agent.toString()).resolve("told")));
    first.close();
    Rig second = nextLife(DesiredState.RUNNING);
    second.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(List.of(), second.happened);
    assertTrue(
        second.supervision.observe(agent).cause().contains(phase.word() + ": exit 4"),
        second.supervision.observe(agent).cause());
    var unused = Rig.get(second.supervision.start(agent));
    second.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(1, failedHooks(second).size(), second.happened::toString);
  }

  private static List<String> failedHooks(Rig rig) {
    return rig.happened.stream().filter(line -> line.startsWith("hook-failed: ")).toList();
  }

  @Test
  void aPostStopThatEndedWhileNobodyWatchedIsNotRunAgain() throws Exception {
    writeHook(Phase.POST_STOP, untilGo(witness("post")) + "; exit 4");
    killOnceWitnessed("post");
    Files.createFile(folder.resolve("go"));
    Eventually.await(
        Rig.PATIENCE,
        "it has ended",
        () -> Rig.running(folder.resolve("postStop").toString()).isEmpty());
    Rig rig = nextLife(DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(List.of("pre", "main", "post"), witnessed());
    assertTrue(rig.happened.contains("hook-failed: postStop: exit 4"), rig.happened.toString());
    String cause = rig.supervision.observe(agent).cause();
    assertTrue(cause.startsWith("exit 3 after ") && cause.endsWith("; postStop: exit 4"), cause);
    assertEquals(new StopResult.AlreadyStopped(), Rig.get(rig.supervision.stop(agent)));
    assertEquals(List.of("pre", "main", "post"), witnessed());
  }
}
