package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConditionsWatchTest {
  private volatile List<String> conditions = List.of("no cgroup");
  private final AtomicInteger looks = new AtomicInteger();
  private final BlockingQueue<SessionEnd> ends = new LinkedBlockingQueue<>();

  private final HostView host =
      new HostView() {
        @Override
        public ObservedAgent observe(AgentRecord agent) {
          throw new AssertionError("not asked");
        }

        @Override
        public List<String> conditions() {
          looks.incrementAndGet();
          return conditions;
        }

        @Override
        public Usage usage() {
          throw new AssertionError("not asked");
        }
      };

  private Thread watch() {
    return Thread.ofVirtual()
        .start(new ConditionsWatch(host::conditions, conditions, Duration.ofMillis(5), ends::add));
  }

  @Test
  void aConditionThatTheServerDoesNotKnowEndsTheSessionOnce() throws Exception {
    Thread watch = watch();
    Eventually.await(Duration.ofSeconds(10), "some looks", () -> looks.get() > 3);
    assertEquals(0, ends.size());
    conditions = List.of("no cgroup", "policy: no command is taken");
    assertEquals(
        new SessionEnd.ComeBack(Duration.ZERO, "what is to be known of the host has changed"),
        ends.take());
    watch.join();
    assertEquals(0, ends.size());
  }

  @Test
  void itEndsWithTheSession() throws Exception {
    Thread watch = watch();
    watch.interrupt();
    watch.join();
    assertEquals(0, ends.size());
  }
}
