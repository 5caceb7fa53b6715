package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.linux.ProcStat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private static final ProcStat KEEPER = stat(9, 'S', 0);
  private static final ProcStat PARENT_ENDED = stat(10, 'Z', 1);
  private static final ProcStat CHILD = stat(11, 'S', 2);
  private static final ProcStat CHILD_ENDED = stat(11, 'Z', 2);

  /** What one look at a cgroup sees: the list, and afterwards the state of what is on it. */
  private record Look(Set<Integer> listed, Map<Integer, ProcStat> stats) {
    Look(ProcStat... stats) {
      this(
          Set.copyOf(Arrays.stream(stats).map(ProcStat::pid).toList()),
          Arrays.stream(stats).collect(Collectors.toMap(ProcStat::pid, stat -> stat)));
    }
  }

  private static ProcStat stat(int pid, char state, long startTicks) {
    return new ProcStat(pid, "sh", state, 1, pid, pid, startTicks, 0);
  }

  private static List<ProcStat> running(Look... looks) throws IOException {
    Queue<Look> rest = new ArrayDeque<>(List.of(looks));
    Look[] current = new Look[1];
    List<ProcStat> running =
        ProcessTree.running(
            () -> {
              current[0] = rest.remove();
              return current[0].listed();
            },
            pid -> Optional.ofNullable(current[0].stats().get(pid)),
            Set.of(KEEPER.identity()));
    assertEquals(List.of(), List.copyOf(rest), "looks that were not needed");
    return running;
  }

  @Test
  void anEmptyCgroupRunsNothing() throws IOException {
    assertEquals(List.of(), running(new Look()));
  }

  @Test
  void whatRunsIsSeenAtTheFirstLook() throws IOException {
    assertEquals(List.of(CHILD), running(new Look(PARENT_ENDED, CHILD)));
  }

  @Test
  void aParentThatEndedAfterItWasListedMayHaveLeftAChild() throws IOException {
    assertEquals(List.of(CHILD), running(new Look(PARENT_ENDED), new Look(PARENT_ENDED, CHILD)));
  }

  @Test
  void aParentThatIsGoneAfterItWasListedMayHaveLeftAChild() throws IOException {
    assertEquals(List.of(CHILD), running(new Look(Set.of(10), Map.of()), new Look(CHILD)));
  }

  @Test
  void zombiesThatStayListedDoNotMakeTheLookEndless() throws IOException {
    assertEquals(List.of(), running(new Look(PARENT_ENDED), new Look(PARENT_ENDED)));
  }

  @Test
  void aKeeperInsideDoesNotSayThatSomethingRuns() throws IOException {
    assertEquals(List.of(), running(new Look(KEEPER)));
    assertEquals(
        List.of(CHILD),
        running(new Look(KEEPER, PARENT_ENDED), new Look(KEEPER, PARENT_ENDED, CHILD)));
  }

  @Test
  void everyLinkOfAChainIsLookedAtAgain() throws IOException {
    assertEquals(
        List.of(), running(new Look(PARENT_ENDED), new Look(CHILD_ENDED), new Look(PARENT_ENDED)));
  }

  @Test
  void aNumberThatIsTakenAgainIsAnotherProcess() throws IOException {
    ProcStat successor = stat(10, 'Z', 3);
    assertEquals(
        List.of(CHILD),
        running(new Look(PARENT_ENDED), new Look(successor), new Look(successor, CHILD)));
  }
}
