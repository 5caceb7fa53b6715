package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.store.Database;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationChangesTest {
  private static final BatchId ONE = new BatchId(UUID.randomUUID());
  private static final BatchId OTHER = new BatchId(UUID.randomUUID());

  @TempDir private Path folder;
  private final OperationChanges changes = new OperationChanges();
  private final List<List<OperationChange>> told = new CopyOnWriteArrayList<>();
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("server.db"));
  }

  @AfterEach
  void close() {
    changes.close();
    database.close();
  }

  private void change(BatchId batch, OperationState state) {
    database
        .writer()
        .run(transaction ->
            changes.publish(transaction, List.of(new OperationChange(batch, state, 1))));
  }

  @Test
  void whatChangesWhileAListenerIsBusyIsAddedUpAndNothingIsLost() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    changes.listen(news -> {
      told.add(news);
      await(busy);
    });
    change(ONE, OperationState.RUNNING);
    Eventually.await(Duration.ofSeconds(10), "the first", () -> told.size() == 1);

    for (int i = 0; i < 300; i++) {
      change(ONE, OperationState.SUCCEEDED);
      change(i % 3 == 0 ? OTHER : ONE, OperationState.FAILED);
    }
    assertEquals(1, told.size());
    busy.countDown();

    Eventually.await(Duration.ofSeconds(10), "the rest", () -> told.size() == 2);
    assertEquals(List.of(new OperationChange(ONE, OperationState.RUNNING, 1)), told.getFirst());
    assertEquals(
        Set.of(
            new OperationChange(ONE, OperationState.SUCCEEDED, 300),
            new OperationChange(ONE, OperationState.FAILED, 200),
            new OperationChange(OTHER, OperationState.FAILED, 100)),
        Set.copyOf(told.getLast()));
  }

  @Test
  void aListenerThatFailsKeepsNobodyFromBeingTold() {
    changes.listen(news -> {
      throw new IllegalStateException("rotten");
    });
    changes.listen(told::add);

    change(ONE, OperationState.SUCCEEDED);
    change(ONE, OperationState.SUCCEEDED);

    Eventually.await(
        Duration.ofSeconds(10),
        "both",
        () ->
            told.stream().flatMap(List::stream).mapToLong(OperationChange::operations).sum() == 2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
