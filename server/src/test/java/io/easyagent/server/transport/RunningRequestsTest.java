package io.easyagent.server.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.server.problem.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RunningRequestsTest {
  private final RunningRequests requests = new RunningRequests();

  @Test
  void whatRunsMayEndAndNothingNewBegins() throws Exception {
    RunningRequests.Mark first = requests.enter();
    RunningRequests.Mark second = requests.enter();
    requests.refuse();
    assertThrows(RefusedException.class, requests::enter);
    assertEquals(2, requests.awaitNone(Duration.ofMillis(1)));

    CompletableFuture<Integer> left =
        CompletableFuture.supplyAsync(() -> requests.awaitNone(Duration.ofMinutes(1)));
    first.close();
    second.close();
    assertEquals(0, left.get());
  }
}
