package io.easyagent.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Operation;
import io.easyagent.api.Operation.State;
import io.easyagent.benchmarks.fleet.Ledger.Verdict;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID BATCH = new UUID(1, 0);
  private static final Batch OF_THREE =
      new Batch(
          BATCH,
          Command.Kind.exec,
          Optional.empty(),
          "all",
          "admin",
          NOW,
          NOW,
          3,
          Map.of(),
          0,
          false);

  private static Operation operation(int number, State state) {
    return new Operation(
        new UUID(2, number),
        BATCH,
        Command.Kind.exec,
        new UUID(3, number),
        "host",
        Optional.empty(),
        Optional.empty(),
        state,
        NOW,
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Verdict verdict(Map<UUID, Integer> runs, State... states) {
    Operation[] told = new Operation[states.length];
    Arrays.setAll(told, number -> operation(number, states[number]));
    return Verdict.of(List.of(OF_THREE), Map.of(BATCH, List.of(told)), runs);
  }

  private static Map<UUID, Integer> ran(int... numbers) {
    return Ledger.runs(
        Arrays.stream(numbers).mapToObj(number -> new UUID(2, number) + " sim-00001"));
  }

  @Test
  void nothingIsLostWhenEachRanOnceOrWasSaidNotToBeKnown() {
    assertEquals(
        new Verdict(0, 0, 1), verdict(ran(0, 1), State.succeeded, State.failed, State.interrupted));
  }

  @Test
  void lostIsWhatIsNotThere() {
    assertEquals(new Verdict(1, 0, 0), verdict(ran(0, 1), State.succeeded, State.succeeded));
    assertEquals(new Verdict(3, 0, 0), Verdict.of(List.of(OF_THREE), Map.of(), Map.of()));
  }

  @Test
  void lostIsWhatHasNoEnd() {
    assertEquals(
        new Verdict(2, 0, 0), verdict(ran(0), State.succeeded, State.running, State.queued));
  }

  @Test
  void lostIsASuccessThatNobodySaw() {
    assertEquals(
        new Verdict(1, 0, 0),
        verdict(ran(0, 1), State.succeeded, State.succeeded, State.succeeded));
  }

  @Test
  void twiceIsTwiceWhoeverAskedForIt() {
    assertEquals(
        new Verdict(0, 2, 0),
        verdict(ran(0, 1, 2, 1, 9, 9, 9), State.succeeded, State.succeeded, State.succeeded));
  }

  @Test
  void theWitnessIsReadLineByLine() {
    UUID one = new UUID(5, 5);
    assertEquals(Map.of(one, 2), Ledger.runs(Stream.of(one + " a", one + " b")));
  }
}
