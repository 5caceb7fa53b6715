package io.easyagent.simulator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MadeUpTest {
  private static final UUID LIFE = new UUID(1, 1);

  private static HostNumber host(int value) {
    return new HostNumber("sim", value);
  }

  @Test
  void noTwoHostsAreTheSame() {
    Set<String> names = new HashSet<>();
    Set<String> machines = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    Set<UUID> agents = new HashSet<>();
    for (int value = 1; value <= 20_000; value++) {
      HostFacts facts = MadeUp.facts(host(value), LIFE);
      names.add(facts.hostName());
      machines.add(facts.machineId());
      addresses.add(facts.addresses());
      MadeUp.agents(host(value), 5, "root").forEach(agent -> agents.add(agent.id().value()));
    }
    assertEquals(20_000, names.size());
    assertEquals(20_000, machines.size());
    assertEquals(20_000, addresses.size());
    assertEquals(100_000, agents.size());
  }

  @Test
  void aHostIsTheSameMachineInItsNextLifeButHasBooted() {
    HostFacts before = MadeUp.facts(host(7), LIFE);
    HostFacts after = MadeUp.facts(host(7), new UUID(2, 2));
    assertEquals(before.machineId(), after.machineId());
    assertNotEquals(before.bootId(), after.bootId());
    assertNotEquals(before.instance(), after.instance());
    assertTrue(after.machineId().matches("[0-9a-f]{32}"), after.machineId());
    assertTrue(after.instance().matches("[0-9a-f]{32}"), after.instance());
  }

  @Test
  void figuresAreWithinWhatAHostCanHave() {
    for (int minutes = 0; minutes < 600; minutes++) {
      Usage usage =
          MadeUp.usage(host(3), Duration.ofMinutes(minutes), MadeUp.agents(host(3), 5, "root"));
      assertTrue(usage.cpu() >= 0 && usage.cpu() <= 1, () -> "cpu " + usage.cpu());
      assertTrue(usage.memory() > 0 && usage.memory() <= 4L << 30);
      assertEquals(5, usage.agents().size());
    }
  }

  @Test
  void foldersHoldAHundredHostsEach() {
    assertEquals(Path.of("state/hosts/180/sim-18000"), host(18_000).folder(Path.of("state")));
  }
}
