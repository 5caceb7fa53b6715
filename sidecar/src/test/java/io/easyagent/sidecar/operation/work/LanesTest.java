package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Optional<AgentId> FIRST = Optional.of(new AgentId(new UUID(1, 1)));
  private static final Optional<AgentId> SECOND = Optional.of(new AgentId(new UUID(1, 2)));

  private final List<Runnable> threads = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private final Lanes lanes = new Lanes(threads::add);

  private void runAll() {
    while (!threads.isEmpty()) {
      threads.removeFirst().run();
    }
  }

  @Test
  void oneAfterAnother() {
    lanes.add(FIRST, () -> ran.add("one"));
    lanes.add(FIRST, () -> ran.add("two"));
    assertEquals(1, threads.size());
    runAll();
    assertEquals(List.of("one", "two"), ran);
  }

  @Test
  void whatThrowsHaltsItsLaneAndNoOther() {
    lanes.add(
        FIRST,
        () -> {
          throw new AssertionError("its end is not on disk");
        });
    lanes.add(FIRST, () -> ran.add("after it"));
    lanes.add(SECOND, () -> ran.add("beside it"));
    runAll();
    assertEquals(List.of("beside it"), ran);
    lanes.add(FIRST, () -> ran.add("later"));
    runAll();
    assertEquals(List.of("beside it"), ran);
  }
}
