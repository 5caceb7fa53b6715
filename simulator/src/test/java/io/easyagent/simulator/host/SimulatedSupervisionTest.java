package io.easyagent.simulator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.store.JournalSettings;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedSupervisionTest {
  private static final AgentRecord AGENT =
      MadeUp.agents(new HostNumber("sim", 1), 1, "root").getFirst();
  private static final AgentId ID = AGENT.id();

  @TempDir Path folder;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> happened = new CopyOnWriteArrayList<>();
  private Witness witness;
  private SimulatedSupervision supervision;

  @BeforeEach
  void open() throws Exception {
    witness = Witness.open(folder.resolve("witness"));
    SharedParts shared =
        new SharedParts(
            folder,
            List.of(),
            UUID.randomUUID(),
            Runnable::run,
            timer,
            Clock.systemUTC(),
            System::nanoTime,
            () -> 0.5,
            JournalSettings.USUAL,
            Backoff.USUAL,
            new SimulatedProgram(Duration.ZERO, 0, true),
            witness,
            1,
            new Account("root", 0, 0, Path.of("/root")));
    supervision =
        new SimulatedSupervision(
            shared,
            Clock.systemUTC(),
            new Supervision.Listener() {
              @Override
              public void changed(AgentId agent, ObservedAgent observed) {
                happened.add(observed.state().name());
              }

              @Override
              public void happened(AgentId agent, String kind, String message) {
                happened.add(kind);
              }
            });
  }

  @AfterEach
  void close() throws Exception {
    supervision.close();
    timer.shutdownNow();
    witness.close();
  }

  private void supervise(DesiredState desired) {
    var unused =
        supervision.supervise(
            ID,
            new LaunchPlan(
                AGENT.definition(),
                AGENT.definition().command(),
                Map.of(),
                folder,
                folder,
                Redaction.NONE),
            desired);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void awaitState(ObservedAgent.State state) {
    Eventually.await(
        Duration.ofSeconds(10), state.name(), () -> supervision.observe(ID).state() == state);
  }

  @Test
  void whatIsToRunRunsAfterItsTurn() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    var unused =
        supervision.supervise(
            ID,
            new LaunchPlan(
                AGENT.definition(), List.of("/x"), Map.of(), folder, folder, Redaction.NONE),
            DesiredState.RUNNING,
            turn);
    assertEquals(ObservedAgent.State.STARTING, supervision.observe(ID).state());
    assertEquals(List.of(), happened);
    turn.complete(null);
    awaitState(ObservedAgent.State.RUNNING);
  }

  @Test
  void startAndStopAreAnsweredAndTold() throws Exception {
    supervise(DesiredState.STOPPED);
    assertInstanceOf(StartResult.Started.class, get(supervision.start(ID)));
    assertInstanceOf(StartResult.AlreadyRunning.class, get(supervision.start(ID)));
    assertEquals(new StopResult.Stopped(false), get(supervision.stop(ID)));
    assertInstanceOf(StopResult.AlreadyStopped.class, get(supervision.stop(ID)));
    List<String> told = new ArrayList<>(happened);
    told.removeIf(word -> word.equals("STARTING"));
    assertEquals(List.of("STOPPED", "started", "RUNNING", "exited", "STOPPED"), told);
  }

  @Test
  void whatCrashesIsStartedAgainAsItsPolicySays() {
    supervise(DesiredState.RUNNING);
    awaitState(ObservedAgent.State.RUNNING);
    supervision.crash();
    Eventually.await(
        Duration.ofSeconds(10),
        "restarted",
        () ->
            supervision.observe(ID).restarts() == 1
                && supervision.observe(ID).state() == ObservedAgent.State.RUNNING);
  }

  @Test
  void onlyAStoppedAgentIsForgotten() throws Exception {
    supervise(DesiredState.RUNNING);
    awaitState(ObservedAgent.State.RUNNING);
    assertThrows(IllegalStateException.class, () -> supervision.forget(ID));
    get(supervision.stop(ID));
    supervision.forget(ID);
    assertThrows(IllegalArgumentException.class, () -> supervision.observe(ID));
  }
}
