package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walk on real hosts, four at a time: power cut, reboot, cut link and half-open link at the
 * boundaries of every operation. {@code -Dwalk.every=1} strikes at each boundary; without it, some
 * are left out.
 */
final class HostWalkRun {
  private static final int EVERY = Integer.getInteger("walk.every", 12);

  /** A host has a /tmp of its own. */
  private static final Path SEEN_BY_HOSTS = Path.of("target", "host-walk").toAbsolutePath();

  @Test
  void nothingIsLostAndNothingIsDoneTwice(@TempDir Path folder) throws Exception {
    try (ControlPlane server = new ControlPlane(folder.resolve("server"));
        ExecutorService hosts = Executors.newCachedThreadPool()) {
      List<Future<String>> walks = new ArrayList<>();
      for (HostBlow blow : HostBlow.values()) {
        walks.add(hosts.submit(walk(server, blow)));
      }
      for (Future<String> walk : walks) {
        System.out.println("walk on real hosts: " + walk.get());
      }
    }
  }

  private static Callable<String> walk(ControlPlane server, HostBlow blow) {
    return () -> {
      String name = "walk-" + blow.name().substring(0, 4).toLowerCase(java.util.Locale.ROOT);
      try (HostWalk walk = new HostWalk(server, name, SEEN_BY_HOSTS)) {
        // The server takes most of a minute to give up a host that is silent.
        Set<Step> steps = blow == HostBlow.HALF_OPEN ? Set.of(Step.EXEC, Step.RESTART) : Walk.ALL;
        int every = blow == HostBlow.HALF_OPEN ? Math.max(EVERY, 40) : EVERY;
        int struck = walk.strike(blow, steps, every);
        assertTrue(struck >= steps.size(), blow + " struck " + struck + " times");
        return struck + " times " + blow;
      }
    };
  }
}
