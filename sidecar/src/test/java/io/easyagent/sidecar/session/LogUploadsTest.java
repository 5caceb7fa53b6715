package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.sidecar.logstream.LogOrder;
import io.easyagent.testkit.Eventually;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogUploadsTest {
  private final Set<UUID> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger begun = new AtomicInteger();
  private final LogUploads uploads = new LogUploads(order -> () -> run(order));

  private void run(LogOrder order) {
    begun.incrementAndGet();
    running.add(order.stream());
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException over) {
      running.remove(order.stream());
    }
  }

  private static LogOrder order(int number) {
    return new LogOrder(
        new UUID(0, number), new AgentId(new UUID(1, 1)), new LogBegin.Tail(1), true);
  }

  private void awaitRunning(int number) {
    Eventually.await(Duration.ofSeconds(5), number + " streams", () -> running.size() == number);
  }

  @Test
  void noneOutlivesTheSession() throws Exception {
    uploads.begin(order(1));
    uploads.begin(order(2));
    awaitRunning(2);

    uploads.close();

    assertEquals(Set.of(), running);
    uploads.begin(order(3));
    uploads.close();
    assertEquals(2, begun.get());
  }

  @Test
  void thereAreOnlySoManyAndEachIsBegunOnce() throws Exception {
    for (int number = 1; number <= LogUploads.MOST + 3; number++) {
      uploads.begin(order(number));
      uploads.begin(order(number));
    }
    awaitRunning(LogUploads.MOST);

    uploads.close();

    assertEquals(LogUploads.MOST, begun.get());
  }

  @Test
  void oneThatEndsMakesRoom() throws Exception {
    Set<UUID> ended = ConcurrentHashMap.newKeySet();
    LogUploads quick = new LogUploads(order -> () -> ended.add(order.stream()));
    for (int number = 1; number <= 20; number++) {
      LogOrder order = order(number);
      Eventually.await(
          Duration.ofSeconds(5),
          "room for stream " + number,
          () -> {
            quick.begin(order);
            return ended.contains(order.stream());
          });
    }
    quick.close();
  }
}
