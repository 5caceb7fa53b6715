package io.easyagent.acceptance.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Event;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty simulated hosts: what is said of ten thousand must hold of them first. */
class SimulatedFleetIT {
  private static final int HOSTS = 50;
  private static final String EVERY = "role in (web,db)";

  @TempDir Path folder;

  private SimulatedSite site;
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    site = new SimulatedSite(folder, HOSTS, 512);
    simulator = site.simulator();
  }

  @AfterEach
  void stop() throws Exception {
    site.close();
  }

  @Test
  void eachExecRunsOnceThoughTheServerIsKilled() throws Exception {
    assertEquals(HOSTS / 2, site.online("role=web").size());
    assertEquals(HOSTS / 2, site.online("role=db").size());
    simulator.awaitStatus("all is told", now -> now.path("events_waiting").asInt() == 0);
    Eventually.await(
        SimulatedSite.PATIENCE,
        "every agent is as desired",
        () ->
            site.online(EVERY).stream().mapToLong(host -> host.agents().asDesired()).sum()
                == 2 * HOSTS);
    List<Host> hosts = site.online(EVERY);

    site.awaitEachRunOnce(site.submit(hosts, Command.exec("uptime")));

    Batch interrupted = site.submit(hosts, Command.exec("sleep", "1"));
    Eventually.await(
        SimulatedSite.PATIENCE,
        "some run",
        () -> simulator.ask("status").path("execs_run").asInt() > HOSTS);
    site.killServer();
    site.awaitEachRunOnce(interrupted);
    simulator.awaitStatus("all are back", now -> now.path("connected").asInt() == HOSTS);
    assertEquals(0, simulator.ask("status").path("execs_run_twice").asInt());
  }

  @Test
  void eventsThatComeTwiceOrOutOfOrderCountOnce() throws Exception {
    int queued = 0;
    for (String delivery : List.of("duplicated", "reordered")) {
      simulator.ask("deliver " + delivery + " 1-10");
      simulator.ask("flood 50 1-10");
      queued += 500;
      int expected = queued;
      simulator.awaitStatus(
          "all are queued and taken",
          now ->
              now.path("flooded").asInt() == expected && now.path("events_waiting").asInt() == 0);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Event event : site.events("flood")) {
      counts.merge(event.hostName().orElse("?") + " " + event.message(), 1, Integer::sum);
    }
    assertEquals(500, counts.size());
    counts.forEach((event, count) -> assertEquals(2, count, event));
  }
}
