package io.easyagent.server.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.retention.Forgetting.Plan;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Transaction;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  @TempDir private Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("server.db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Retention retention(Forgetting... parts) {
    return new Retention(List.of(parts), database, database.writer(), System::nanoTime);
  }

  /** Has that many rows to forget. */
  private static final class FakePart implements Forgetting {
    private final String what;
    private final AtomicInteger rows;
    private final List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger plans = new AtomicInteger();
    private Runnable before = () -> {};

    FakePart(String what, int rows) {
      this.what = what;
      this.rows = new AtomicInteger(rows);
    }

    @Override
    public String what() {
      return what;
    }

    @Override
    public Plan plan(Transaction reading) {
      plans.incrementAndGet();
      return (writing, most) -> {
        before.run();
        int step = Math.min(most, rows.get());
        rows.addAndGet(-step);
        steps.add(step);
        return step;
      };
    }
  }

  private static Forgetting failing(RuntimeException failure) {
    return new Forgetting() {
      @Override
      public String what() {
        return "rotten things";
      }

      @Override
      public Plan plan(Transaction reading) {
        return (writing, most) -> {
          throw failure;
        };
      }
    };
  }

  @Test
  void aRoundForgetsAllInSmallStepsAndCountsIt() {
    FakePart part = new FakePart("things", 9_000);
    try (Retention retention = retention(part, new FakePart("nothing", 0))) {
      assertEquals(Map.of("things", 9_000L), retention.round());
      assertEquals(9_000, retention.forgotten().get("things").getAsLong());
      assertEquals(Map.of(), retention.round());
    }
    assertTrue(part.steps.stream().allMatch(step -> step <= StepSize.MOST), part.steps.toString());
    assertTrue(part.steps.size() > 4, part.steps.toString());
  }

  @Test
  void othersWriteBetweenTwoSteps() throws Exception {
    FakePart endless = new FakePart("things", Integer.MAX_VALUE);
    Semaphore gate = new Semaphore(2);
    endless.before = gate::acquireUninterruptibly;
    Retention retention = retention(endless);
    Thread round = Thread.startVirtualThread(retention::round);
    Eventually.await(Duration.ofSeconds(30), "the third step", gate::hasQueuedThreads);

    Future<Integer> stepsBefore = database.writer().submit(transaction -> endless.steps.size());
    gate.release(10_000);

    assertEquals(3, stepsBefore.get(), "a write waits for the step that runs, and no other");
    assertTrue(round.isAlive());
    retention.close();
    gate.release(Integer.MAX_VALUE / 2);
    Eventually.await(Duration.ofSeconds(30), "the round's end", () -> !round.isAlive());
  }

  @Test
  void aPartThatFailsKeepsNoOtherFromItsRound() {
    FakePart part = new FakePart("things", 10);
    try (Retention retention =
        retention(
            failing(new IllegalStateException("rotten")),
            failing(new RefusedException(ErrorCode.UNAVAILABLE, "not now")),
            part)) {
      assertEquals(Map.of("things", 10L), retention.round());
    }
  }

  @Test
  void nothingIsForgottenOnceItIsClosed() {
    FakePart part = new FakePart("things", 10);
    Retention retention = retention(part);
    retention.start();
    retention.close();

    assertEquals(Map.of(), retention.round());
    assertEquals(0, part.plans.get());
    assertFalse(part.rows.get() < 10);
  }
}
