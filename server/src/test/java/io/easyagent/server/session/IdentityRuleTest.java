package io.easyagent.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostCopy.Standing;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import io.easyagent.server.session.IdentityRule.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityRuleTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String GENERATION = "g2";
  private static final Life LIFE = new Life("machine", "boot", "life", "web-1", "10.0.0.1");
  private static final Life RESTARTED = new Life("machine", "boot", "life 2", "web-1", "10.0.0.1");
  private static final Life REBOOTED = new Life("machine", "boot 2", "life 2", "web-1", "10.0.0.1");
  private static final Life MOVED = new Life("machine", "boot", "life", "web-1", "10.0.9.9");
  private static final Life OTHER = new Life("machine 2", "boot 2", "life 2", "web-1", "10.0.0.2");

  /** How the host's last session stands; it handed out "new" and was opened with "old". */
  private enum Last {
    NONE,
    WITHOUT_INVENTORY,
    COMPLETE,
    OF_EARLIER_GENERATION,
    CONFLICTED;

    SessionRow row() {
      boolean none = this == NONE;
      return new SessionRow(
          "web-1",
          this == CONFLICTED ? HostStatus.CONFLICTED : HostStatus.OFFLINE,
          none ? 0 : 7,
          none ? 0 : this == WITHOUT_INVENTORY ? 6 : 7,
          none ? Optional.empty() : Optional.of("new"),
          none ? Optional.empty() : Optional.of("old"),
          none ? "" : this == OF_EARLIER_GENERATION ? "g1" : GENERATION,
          LIFE,
          0,
          Optional.of(NOW),
          Map.of());
    }
  }

  private enum Nonce {
    NEW("new"),
    OLD("old"),
    OLDER("older"),
    NO("");

    private final String text;

    Nonce(String text) {
      this.text = text;
    }
  }

  private enum Expected {
    HOST,
    TWO,
    UNDECIDED
  }

  private static Registration registration(String nonce, Life life) {
    return new Registration(nonce, life, "2.0.0", Set.of(), Map.of(), Optional.empty());
  }

  private static HostCopy claim(String nonce, Life life) {
    return HostCopy.claiming(
        nonce, life.machineId(), life.bootId(), life.hostName(), life.address(), NOW);
  }

  private static HostCopy refused(String nonce, Life life) {
    HostCopy copy = claim(nonce, life);
    return new HostCopy(
        copy.id(),
        copy.nonce(),
        copy.machineId(),
        copy.bootId(),
        copy.hostName(),
        copy.address(),
        NOW,
        NOW,
        Standing.REFUSED);
  }

  private static Verdict judge(
      Last last, List<HostCopy> copies, String nonce, Life life, boolean connected) {
    return IdentityRule.judge(
        last.row(), copies, registration(nonce, life), claim(nonce, life), connected, GENERATION);
  }

  private static Expected kind(Verdict verdict) {
    return switch (verdict) {
      case Verdict.TheHost _ -> Expected.HOST;
      case Verdict.TwoClaim _ -> Expected.TWO;
      case Verdict.Undecided _ -> Expected.UNDECIDED;
      case Verdict.Refused _ -> throw new AssertionError("refused, though nobody was");
    };
  }

  /** What each nonce does in each state, for a machine that is alone: NEW, OLD, OLDER, none. */
  private static final Map<Last, List<Expected>> TABLE =
      Map.of(
          Last.NONE, List.of(Expected.HOST, Expected.HOST, Expected.HOST, Expected.HOST),
          Last.WITHOUT_INVENTORY, List.of(Expected.HOST, Expected.HOST, Expected.TWO, Expected.TWO),
          Last.COMPLETE, List.of(Expected.HOST, Expected.TWO, Expected.TWO, Expected.TWO),
          Last.OF_EARLIER_GENERATION,
              List.of(Expected.HOST, Expected.HOST, Expected.HOST, Expected.HOST),
          Last.CONFLICTED,
              List.of(
                  Expected.UNDECIDED, Expected.UNDECIDED, Expected.UNDECIDED, Expected.UNDECIDED));

  @Test
  void everyNonceInEveryState() {
    assertEquals(EnumSet.allOf(Last.class), TABLE.keySet());
    for (Last last : Last.values()) {
      List<Expected> verdicts = new ArrayList<>();
      for (Nonce nonce : Nonce.values()) {
        verdicts.add(kind(judge(last, List.of(), nonce.text, LIFE, false)));
      }
      assertEquals(TABLE.get(last), verdicts, last.toString());
    }
  }

  @Test
  void untilAnInventoryComesTheSameNonceGetsTheSameAnswer() {
    assertEquals("new", handedOut(Last.WITHOUT_INVENTORY, "old"));
    assertEquals("fresh", handedOut(Last.WITHOUT_INVENTORY, "new"));
    assertEquals("fresh", handedOut(Last.COMPLETE, "new"));
    assertEquals("fresh", handedOut(Last.OF_EARLIER_GENERATION, "old"));
    assertEquals("fresh", handedOut(Last.NONE, ""));
  }

  private static String handedOut(Last last, String presented) {
    return NonceRule.handOut(last.row(), presented, GENERATION, "fresh");
  }

  @Test
  void alone_aMachineMayBootOrMoveOrBeReplacedByItsRestoredDiskOnOtherIron() {
    for (Life life : List.of(LIFE, RESTARTED, REBOOTED, MOVED, OTHER)) {
      assertEquals(new Verdict.TheHost(false), judge(Last.COMPLETE, List.of(), "new", life, false));
    }
  }

  @Test
  void whileItsSessionIsOpenAnotherLifeMustWaitForAnObjection() {
    assertEquals(new Verdict.TheHost(false), judge(Last.COMPLETE, List.of(), "new", LIFE, true));
    assertEquals(
        new Verdict.TheHost(false),
        judge(Last.COMPLETE, List.of(), "new", MOVED, true),
        "migrated alive: the same machine, boot and process at another address");
    assertEquals(
        new Verdict.TheHost(true), judge(Last.COMPLETE, List.of(), "new", RESTARTED, true));
    assertEquals(new Verdict.TheHost(true), judge(Last.COMPLETE, List.of(), "new", REBOOTED, true));
  }

  @Test
  void whileItsSessionIsOpenAnotherMachineIsACopy() {
    for (Last last : List.of(Last.WITHOUT_INVENTORY, Last.COMPLETE, Last.OF_EARLIER_GENERATION)) {
      assertInstanceOf(
          Verdict.TwoClaim.class, judge(last, List.of(), "new", OTHER, true), last.toString());
    }
  }

  @Test
  void aRefusedCopyStaysRefusedWhereverItIsAndMakesNoNewConflict() {
    List<HostCopy> copies = List.of(refused("older", OTHER));
    assertInstanceOf(Verdict.Refused.class, judge(Last.COMPLETE, copies, "older", OTHER, false));
    assertInstanceOf(
        Verdict.Refused.class,
        judge(Last.COMPLETE, copies, "older", MOVED, false),
        "the nonce alone tells");
    assertInstanceOf(
        Verdict.TwoClaim.class,
        judge(Last.COMPLETE, copies, "older still", OTHER, false),
        "a third one");
    assertInstanceOf(
        Verdict.Undecided.class, judge(Last.CONFLICTED, copies, "older", OTHER, false));
    assertEquals(new Verdict.TheHost(false), judge(Last.COMPLETE, copies, "new", LIFE, false));
  }

  @Test
  void ofTwoCopiesWithOneNonceTheRefusedOneIsToldApartByItsPlace() {
    List<HostCopy> copies = List.of(refused("new", OTHER));
    assertInstanceOf(Verdict.Refused.class, judge(Last.COMPLETE, copies, "new", OTHER, false));
    assertEquals(new Verdict.TheHost(false), judge(Last.COMPLETE, copies, "new", LIFE, false));
  }

  @Test
  void aCopyThatClaimsIsNotRefused() {
    assertEquals(
        new Verdict.TheHost(false),
        judge(Last.COMPLETE, List.of(claim("new", OTHER)), "new", OTHER, false));
  }
}
