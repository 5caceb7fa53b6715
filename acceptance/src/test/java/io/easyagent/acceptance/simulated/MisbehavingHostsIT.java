package io.easyagent.acceptance.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts that stop reading, fall silent, have clocks of their own or pour out events, among others
 * that behave: those get what is theirs, whatever the rest does, and when all behave again nothing
 * is missing and nothing was done twice.
 */
final class MisbehavingHostsIT {
  private static final int HOSTS = 40;
  private static final int SLOW = 10;
  private static final int SILENT = 20;
  private static final int BEHIND = 23;
  private static final int AHEAD = 26;
  private static final int FLOODING = 30;
  private static final int EVENTS = 200;
  private static final int BATCHES = 5;

  private static final int JOURNAL_KIB = 2_048;

  /** Two of them are more than a connection holds for one that does not read. */
  private static final String LONG_SCRIPT = "true # " + "x".repeat(40_000);

  @TempDir Path folder;

  @Test
  void nobodyIsHeldUpByThem() throws Exception {
    try (SimulatedSite site = new SimulatedSite(folder, HOSTS, JOURNAL_KIB)) {
      Simulator simulator = site.simulator();
      List<Host> hosts = site.online("role in (web,db)");
      simulator.ask("manner slow " + numbers(1, SLOW));
      simulator.ask("manner silent " + numbers(SLOW + 1, SILENT));
      simulator.ask("skew -86400 " + numbers(SILENT + 1, BEHIND));
      simulator.ask("skew 86400 " + numbers(BEHIND + 1, AHEAD));
      simulator.ask("flood " + EVENTS + " " + numbers(AHEAD + 1, FLOODING));

      List<Batch> batches = new ArrayList<>();
      for (int number = 0; number < BATCHES; number++) {
        batches.add(site.submit(hosts, Command.script(LONG_SCRIPT + number)));
      }

      for (Batch batch : batches) {
        Eventually.await(
            SimulatedSite.PATIENCE,
            "the others have their results of " + batch.id(),
            () -> succeeded(site.operations(batch), number -> number > SILENT) == HOSTS - SILENT);
        assertEquals(0, succeeded(site.operations(batch), number -> number <= SILENT));
      }
      int flood = EVENTS * (FLOODING - AHEAD);
      Eventually.await(
          SimulatedSite.PATIENCE,
          "the flood is stored",
          () -> site.events("flood").size() == flood);

      simulator.ask("manner normal " + numbers(1, SILENT));
      for (Batch batch : batches) {
        site.awaitEachRunOnce(batch);
      }
      simulator.awaitStatus(
          "all are back and have told all",
          now -> now.path("connected").asInt() == HOSTS && now.path("events_waiting").asInt() == 0);
      assertEquals(0, simulator.ask("status").path("execs_run_twice").asInt());
      assertEquals(flood, site.events("flood").size());
    }
  }

  private static String numbers(int first, int last) {
    return first + "-" + last;
  }

  private static long succeeded(List<Operation> operations, IntPredicate numbers) {
    return operations.stream()
        .filter(operation -> numbers.test(number(operation)))
        .filter(operation -> operation.state() == Operation.State.succeeded)
        .count();
  }

  /** Hosts are called {@code sim-00042}. */
  private static int number(Operation operation) {
    String name = operation.hostName();
    assertTrue(name.matches("sim-\\d{5}"), name);
    return Integer.parseInt(name.substring("sim-".length()));
  }
}
