package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Operation;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Leads one agent through its life again and again; in each round every operation is disturbed at a
 * later boundary, until none has that many. A second agent, steady, is told nothing and must never
 * notice.
 */
final class Walk implements AutoCloseable {
  private final WalkedPrograms programs;
  static final Set<Step> ALL = EnumSet.allOf(Step.class);

  private final Fleet fleet;
  private final Witness witness;
  private final WalkedAgent walked;
  private final Path accepted;
  private final long steadyPid;
  private int executions;

  Walk(Path folder, PlantedBug planted) throws Exception {
    programs = new WalkedPrograms(folder.resolve("boundaries"), planted);
    fleet = new Fleet(folder, programs);
    witness = new Witness(folder.resolve("witness"));
    accepted = folder.resolve("accepted");
    walked = WalkedAgent.make(folder, "walked", witness.file());
    WalkedAgent steady = WalkedAgent.make(folder, "steady", witness.file());
    undisturbed(Command.define(Command.Kind.install, steady.definition("one")));
    undisturbed(Command.ofAgent(Command.Kind.start, "steady"));
    steadyPid = witness.lastStarted("steady");
  }

  int kill(Side side, Set<Step> disturbed, Pace pace) throws Exception {
    return disturb(
        disturbed,
        pace,
        new Disturbance() {
          @Override
          public void arm(int boundary) throws Exception {
            programs.arm(side, boundary);
          }

          @Override
          public Optional<String> struck() throws Exception {
            return programs.killedAt(side);
          }
        });
  }

  int cutLink(Pace pace) throws Exception {
    return disturb(
        ALL,
        pace,
        new Disturbance() {
          @Override
          public void arm(int boundary) {
            fleet.link().cutAfter(boundary);
          }

          @Override
          public Optional<String> struck() {
            boolean cut = fleet.link().isCut();
            fleet.link().disarm();
            return cut ? Optional.of("chunk") : Optional.empty();
          }
        });
  }

  /** How often it struck. Every accepted operation is still known at the end, with its own end. */
  private int disturb(Set<Step> disturbed, Pace pace, Disturbance disturbance) throws Exception {
    int struck = 0;
    Set<Step> open = EnumSet.copyOf(disturbed);
    for (int round = 0; !open.isEmpty(); round++) {
      for (Step step : Pace.lifeWith(open)) {
        int boundary = pace.boundary(round, step);
        Optional<String> place = run(step, boundary, open.contains(step), disturbance);
        if (place.isPresent()) {
          struck++;
        } else {
          open.remove(step);
        }
      }
    }
    requireAcceptedEnded();
    return struck;
  }

  private Optional<String> run(Step step, int boundary, boolean disturbed, Disturbance disturbance)
      throws Exception {
    long starts = witness.count("started", walked.name());
    long stops = witness.count("stopped", walked.name());
    String execution = "execution-" + executions++;
    Eventually.await(Fleet.PATIENCE, "the host is online", fleet::online);
    if (disturbed) {
      disturbance.arm(boundary);
    }
    Batch batch = fleet.submit(step.command(walked, witness, execution));
    Files.writeString(
        accepted,
        step + " " + batch.id() + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.SYNC);
    Operation operation = fleet.await(batch);
    Optional<String> place = disturbed ? disturbance.struck() : Optional.empty();
    String what =
        "%s, disturbed at boundary %d (%s), ended %s \"%s\""
            .formatted(
                step,
                boundary,
                place.orElse("not reached"),
                operation.state(),
                operation.message());
    try {
      check(step, operation, execution, starts, stops, what);
    } catch (AssertionError broken) {
      throw new AssertionError(broken.getMessage() + "\n" + fleet.logs(), broken);
    }
    return place;
  }

  private void check(
      Step step, Operation operation, String execution, long starts, long stops, String what) {
    witness.requireEnd(step, operation, execution, what);
    assertEquals(
        step.starts(),
        witness.count("started", walked.name()) - starts,
        () -> "starts of the agent: " + what);
    assertEquals(
        step.stops(),
        witness.count("stopped", walked.name()) - stops,
        () -> "stops of the agent: " + what);
    assertEquals(0, witness.count("double", walked.name()), () -> "two at once: " + what);
    assertEquals(1, witness.count("started", "steady"), () -> "starts of the steady one: " + what);
    assertEquals(0, witness.count("stopped", "steady"), () -> "stops of the steady one: " + what);
    assertTrue(
        ProcessHandle.of(steadyPid).map(ProcessHandle::isAlive).orElse(false),
        () -> "the steady agent is gone: " + what);
  }

  private void undisturbed(Command command) {
    Operation operation = fleet.await(fleet.submit(command));
    assertEquals(
        Operation.State.succeeded,
        operation.state(),
        () -> command.kind() + ": " + operation.message() + "\n" + fleet.logs());
  }

  private void requireAcceptedEnded() throws IOException {
    for (String line : Files.readAllLines(accepted)) {
      Batch batch = fleet.client().batch(line.substring(line.indexOf(' ') + 1));
      assertTrue(batch.finished(), () -> "accepted, and not finished: " + line);
    }
  }

  /**
   * Takes everything down, the agents of the walk too, whatever state a planted bug left them in.
   */
  @Override
  public void close() throws Exception {
    fleet.close();
    witness
        .started()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** What goes wrong at the n-th boundary. */
  private interface Disturbance {
    void arm(int boundary) throws Exception;

    /** Where it struck since it was armed, if it did. */
    Optional<String> struck() throws Exception;
  }
}
