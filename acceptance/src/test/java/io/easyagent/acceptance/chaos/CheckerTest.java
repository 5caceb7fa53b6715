package io.easyagent.acceptance.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.chaos.Order.End;
import io.easyagent.acceptance.chaos.Testimony.Word;
import io.easyagent.acceptance.chaos.Violation.Promise;
import io.easyagent.api.Command.Kind;
import io.easyagent.api.Operation.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final String HOST = HostName.of(0);
  private static final String AGENT = "led";
  private static final String STEADY = "steady";
  private static final Duration BACKUP = at(5);
  private static final Duration BACKED_UP = at(6);

  private final List<Testimony> spoken = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private final List<Strike> strikes = new ArrayList<>();
  private final List<Restoration> restorations = new ArrayList<>();
  private final List<History.Missing> missing = new ArrayList<>();
  private boolean settled = true;

  CheckerTest() {
    says(Word.started, STEADY);
  }

  @Test
  void aCommandThatRanOnceAndSaysSoKeepsEveryPromise() {
    exec("a", 0, ended(State.succeeded, 0), Word.began, Word.ended);
    exec("b", 3, ended(State.failed, 3), Word.began, Word.ended);
    broken();
  }

  @Test
  void twice() {
    exec("a", 0, ended(State.succeeded, 0), Word.began, Word.ended, Word.began, Word.ended);
    broken(Promise.ONCE, Promise.TRUE_END);
  }

  @Test
  void succeededWithoutHavingRun() {
    exec("a", 0, ended(State.succeeded, 0));
    broken(Promise.TRUE_END);
  }

  @Test
  void failedForNoReason() {
    exec("a", 0, ended(State.failed), Word.began, Word.ended);
    broken(Promise.TRUE_END);
  }

  @Test
  void anotherStatusThanItExitedWith() {
    exec("a", 3, ended(State.failed, 4), Word.began, Word.ended);
    broken(Promise.TRUE_END);
  }

  @Test
  void expiredButItRan() {
    exec("a", 0, ended(State.expired), Word.began, Word.ended);
    broken(Promise.TRUE_END);
  }

  @Test
  void cancelledByNobody() {
    exec("a", 0, ended(State.cancelled));
    broken(Promise.TRUE_END);
  }

  @Test
  void interruptedWithoutAnyFault() {
    exec("a", 0, ended(State.interrupted));
    broken(Promise.TRUE_INTERRUPTED);
  }

  @Test
  void interruptedIsTrueWhenTheSidecarDiedBeforeItRan() {
    struck(new Fault.KillSidecar(0), at(11), at(11));
    exec("a", 0, ended(State.interrupted));
    broken();
  }

  @Test
  void interruptedIsUntrueWhenItRanUnderAKeeperThatLives() {
    struck(new Fault.KillSidecar(0), at(11), at(11));
    exec("a", 0, ended(State.interrupted), Word.began, Word.ended);
    broken(Promise.TRUE_INTERRUPTED);
  }

  @Test
  void whatBefallsAnotherHostIsNoExcuse() {
    struck(new Fault.KillSidecar(1), at(11), at(11));
    exec("a", 0, ended(State.interrupted));
    broken(Promise.TRUE_INTERRUPTED);
  }

  @Test
  void aFullDiskIsWhyItFailed() {
    struck(new Fault.FillHostDisk(0, Duration.ofSeconds(1)), at(9), at(11));
    exec("a", 0, ended(State.failed));
    broken();
  }

  @Test
  void aDeadlinePassesWhenTheServersClockJumps() {
    End end =
        new End(
            Optional.of(State.failed),
            "deadline passed after 1ms: before it ran",
            Optional.empty(),
            at(12),
            1);
    exec("a", 0, end);
    broken(Promise.TRUE_END);
    struck(new Fault.JumpServerClock(Duration.ofHours(2), Duration.ofSeconds(1)), at(9), at(11));
    broken();
  }

  @Test
  void neverEnded() {
    order(new Deed.Execution("a", 0, false, false), List.of());
    broken(Promise.ENDED);
    settled = false;
    broken();
  }

  @Test
  void forgotten() {
    order(new Deed.Execution("a", 0, false, false), List.of(forgotten(at(12))));
    broken(Promise.KEPT);
  }

  @Test
  void aServerThatWasRestoredFromAnEarlierBackupMayForget() {
    restored(BACKUP, BACKED_UP, at(11));
    order(new Deed.Execution("a", 0, false, false), List.of(forgotten(at(12))));
    broken();
  }

  @Test
  void whatWasAcceptedBeforeTheBackupIsNotForgotten() {
    restored(at(11), BACKED_UP, at(11));
    order(new Deed.Execution("a", 0, false, false), List.of(forgotten(at(12))));
    broken(Promise.KEPT);
  }

  @Test
  void twoEnds() {
    exec(
        "a",
        0,
        List.of(said(State.succeeded, Optional.of(0), at(12)), interrupted(at(20))),
        Word.began,
        Word.ended);
    broken(Promise.ONE_END, Promise.TRUE_INTERRUPTED);
  }

  @Test
  void aRestoredServerMayNotKnowHowItEnded() {
    restored(BACKUP, BACKED_UP, at(15));
    order(
        new Deed.Execution("a", 0, false, false),
        List.of(said(State.cancelled, Optional.empty(), at(12)), forgotten(at(20))));
    broken(Promise.TRUE_END);
    orders.clear();
    exec(
        "b",
        0,
        List.of(said(State.succeeded, Optional.of(0), at(12)), forgotten(at(20))),
        Word.began,
        Word.ended);
    broken();
  }

  @Test
  void aLifeAsItWasTold() {
    life(Kind.install, ended(State.succeeded));
    life(Kind.start, ended(State.succeeded), Word.started);
    life(Kind.configure, ended(State.succeeded), Word.stopped, Word.started);
    life(Kind.restart, ended(State.succeeded), Word.stopped, Word.started);
    life(Kind.stop, ended(State.succeeded), Word.stopped);
    life(Kind.configure, ended(State.succeeded));
    life(Kind.uninstall, ended(State.succeeded));
    broken();
  }

  @Test
  void stoppedWhileItWasToldNothing() {
    life(Kind.install, ended(State.succeeded));
    life(Kind.start, ended(State.succeeded), Word.started);
    says(Word.stopped, AGENT);
    broken(Promise.AGENT_AS_TOLD);
  }

  @Test
  void restartedTwice() {
    life(Kind.install, ended(State.succeeded));
    life(Kind.start, ended(State.succeeded), Word.started);
    life(
        Kind.restart,
        ended(State.succeeded),
        Word.stopped,
        Word.started,
        Word.stopped,
        Word.started);
    broken(Promise.AGENT_AS_TOLD);
  }

  @Test
  void twoAtOnce() {
    life(Kind.install, ended(State.succeeded));
    life(Kind.start, ended(State.succeeded), Word.started, Word.doubled);
    broken(Promise.AGENT_ALONE, Promise.AGENT_AS_TOLD);
  }

  @Test
  void anOrderThatFailedOnAFullDiskLeavesTheAgentUncertainUntilTheNext() {
    life(Kind.install, ended(State.succeeded));
    struck(new Fault.FillHostDisk(0, Duration.ofSeconds(1)), at(9), at(11));
    life(Kind.start, ended(State.failed), Word.started);
    says(Word.stopped, AGENT);
    life(Kind.uninstall, ended(State.succeeded));
    life(Kind.install, ended(State.succeeded));
    broken();
    says(Word.started, AGENT);
    broken(Promise.AGENT_AS_TOLD);
  }

  @Test
  void anOrderOfALifeFailsForAReason() {
    life(Kind.install, ended(State.failed));
    broken(Promise.TRUE_END);
  }

  @Test
  void theSteadyOneStartsOnce() {
    says(Word.started, STEADY);
    broken(Promise.AGENT_AS_TOLD);
  }

  @Test
  void anAgentThatIsGone() {
    missing.add(new History.Missing(HOST, spoken.getFirst(), at(3)));
    broken(Promise.AGENT_LIVES);
  }

  /** Exactly these promises are broken. */
  private void broken(Promise... expected) {
    List<Violation> violations =
        Checker.violations(
            new History(
                orders,
                strikes,
                restorations,
                Map.of(HOST, spoken),
                missing,
                STEADY,
                settled,
                at(60)));
    assertEquals(
        Set.of(expected),
        violations.stream().map(Violation::promise).collect(Collectors.toSet()),
        violations::toString);
  }

  private void exec(String name, int status, End end, Word... words) {
    exec(name, status, List.of(end), words);
  }

  private void exec(String name, int status, List<End> ends, Word... words) {
    for (Word word : words) {
      says(word, name);
    }
    order(new Deed.Execution(name, status, false, false), ends);
  }

  private void life(Kind kind, End end, Word... words) {
    int from = spoken.size();
    for (Word word : words) {
      says(word, AGENT);
    }
    orders.add(
        new Order(
            UUID.randomUUID(),
            HOST,
            new Deed.Life(AGENT, kind),
            at(10),
            at(10),
            from,
            List.of(
                new End(
                    end.state(), end.message(), end.exitStatus(), end.heard(), spoken.size()))));
  }

  private void order(Deed deed, List<End> ends) {
    orders.add(new Order(UUID.randomUUID(), HOST, deed, at(10), at(10), 1, ends));
  }

  private void says(Word word, String name) {
    spoken.add(new Testimony(word, name, 100 + spoken.size(), "1.00"));
  }

  private void struck(Fault fault, Duration from, Duration to) {
    strikes.add(new Strike(strikes.size(), fault, from, to, false));
  }

  private void restored(Duration backup, Duration done, Duration killed) {
    restorations.add(new Restoration(backup, done, killed, killed.plusSeconds(2)));
  }

  private static End ended(State state) {
    return said(state, Optional.empty(), at(12));
  }

  private static End ended(State state, int status) {
    return said(state, Optional.of(status), at(12));
  }

  private static End interrupted(Duration heard) {
    return said(State.interrupted, Optional.empty(), heard);
  }

  private static End forgotten(Duration heard) {
    return new End(Optional.empty(), "there is no batch", Optional.empty(), heard, 1);
  }

  private static End said(State state, Optional<Integer> status, Duration heard) {
    return new End(Optional.of(state), state.name(), status, heard, 1);
  }

  private static Duration at(int second) {
    return Duration.ofSeconds(second);
  }
}
