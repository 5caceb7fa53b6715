package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final long EPOCH = 7;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final HostId HOST = new HostId(new UUID(1, 1));
  private static final Optional<AgentId> ONE = Optional.of(new AgentId(new UUID(2, 1)));
  private static final Optional<AgentId> TWO = Optional.of(new AgentId(new UUID(2, 2)));

  private static WorkItem item(
      int id, Optional<AgentId> agent, OperationState state, long sentEpoch) {
    return item(id, agent, state, sentEpoch, NOW.plusSeconds(60));
  }

  private static WorkItem item(
      int id, Optional<AgentId> agent, OperationState state, long sentEpoch, Instant deadline) {
    return item(id, OperationKind.EXEC, agent, state, sentEpoch, deadline);
  }

  private static WorkItem ofSidecar(int id, OperationKind kind, OperationState state) {
    return item(id, kind, Optional.empty(), state, EPOCH, NOW.plusSeconds(60));
  }

  private static WorkItem item(
      int id,
      OperationKind kind,
      Optional<AgentId> agent,
      OperationState state,
      long sentEpoch,
      Instant deadline) {
    return new WorkItem(
        new OperationId(new UUID(3, id)),
        new BatchId(new UUID(4, 1)),
        kind,
        HOST,
        agent,
        state,
        deadline,
        "00",
        0,
        false,
        sentEpoch);
  }

  private static List<Long> due(WorkItem... unfinished) {
    return Lanes.due(List.of(unfinished), EPOCH, NOW).stream()
        .map(item -> item.id().value().getLeastSignificantBits())
        .toList();
  }

  @Test
  void theFirstOfEachAgentIsDue() {
    assertEquals(
        List.of(1L, 3L),
        due(
            item(1, ONE, OperationState.QUEUED, 0),
            item(2, ONE, OperationState.QUEUED, 0),
            item(3, TWO, OperationState.QUEUED, 0)));
  }

  @Test
  void anAgentWhoseOperationIsWithTheHostWaits() {
    for (OperationState state : List.of(OperationState.SENT, OperationState.RUNNING)) {
      assertEquals(
          List.of(), due(item(1, ONE, state, EPOCH), item(2, ONE, OperationState.QUEUED, 0)));
    }
  }

  @Test
  void aQueuedOneIsBlockedByALaterOneThatIsWithTheHost() {
    assertEquals(
        List.of(),
        due(item(1, ONE, OperationState.QUEUED, 0), item(2, ONE, OperationState.SENT, EPOCH)));
  }

  @Test
  void onlySentOfAnEarlierSessionIsSentAgain() {
    assertEquals(
        List.of(1L),
        due(
            item(1, ONE, OperationState.SENT, EPOCH - 1),
            item(2, TWO, OperationState.RUNNING, EPOCH - 1)));
  }

  @Test
  void theHostsOwnLaneIsBounded() {
    WorkItem[] queued =
        IntStream.rangeClosed(1, 10)
            .mapToObj(id -> item(id, Optional.empty(), OperationState.QUEUED, 0))
            .toArray(WorkItem[]::new);
    assertEquals(List.of(1L, 2L, 3L, 4L), due(queued));
    queued[0] = item(1, Optional.empty(), OperationState.RUNNING, EPOCH);
    assertEquals(List.of(2L, 3L, 4L), due(queued));
  }

  @Test
  void whatChangesTheSidecarRunsOneAfterAnother() {
    WorkItem exec = item(9, Optional.empty(), OperationState.QUEUED, 0);
    WorkItem configure = ofSidecar(2, OperationKind.CONFIGURE_SIDECAR, OperationState.QUEUED);
    assertEquals(
        List.of(1L, 9L),
        due(ofSidecar(1, OperationKind.UPGRADE_SIDECAR, OperationState.QUEUED), configure, exec));
    for (OperationState state : List.of(OperationState.SENT, OperationState.RUNNING)) {
      assertEquals(
          List.of(9L),
          due(ofSidecar(1, OperationKind.UPGRADE_SIDECAR, state), configure, exec),
          "while one is " + state);
    }
    assertEquals(List.of(2L, 9L), due(configure, exec));
  }

  @Test
  void notMoreAreWithTheHostThanItHasRoomFor() {
    WorkItem[] queued =
        IntStream.rangeClosed(1, 50)
            .mapToObj(id -> item(id, agent(id), OperationState.QUEUED, 0))
            .toArray(WorkItem[]::new);
    assertEquals(LongStream.rangeClosed(1, 20).boxed().toList(), due(queued));
    for (int index = 0; index < 19; index++) {
      queued[index] = item(index + 1, agent(index + 1), OperationState.RUNNING, EPOCH);
    }
    assertEquals(List.of(20L), due(queued));
    queued[19] = item(20, agent(20), OperationState.SENT, EPOCH - 1);
    assertEquals(List.of(20L), due(queued), "what is with it already is not counted twice");
  }

  private static Optional<AgentId> agent(int number) {
    return Optional.of(new AgentId(new UUID(2, number)));
  }

  @Test
  void whatIsTooLateBlocksUntilItHasExpired() {
    assertEquals(
        List.of(),
        due(item(1, ONE, OperationState.QUEUED, 0, NOW), item(2, ONE, OperationState.QUEUED, 0)));
  }
}
