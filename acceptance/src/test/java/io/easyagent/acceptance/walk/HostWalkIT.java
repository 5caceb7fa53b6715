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
 * boundaries of every operation. Here at every few boundaries, evenly chosen; {@code ./dev walk}
 * strikes at each.
 */
final class HostWalkIT {
  private static final Pace PACE = Pace.usually(24);

  /** No operation has two boundaries so far apart. */
  private static final Pace ONCE = new Pace(60);

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
        Set<Step> steps = struckBy(blow);
        int struck = walk.strike(blow, steps, blow == HostBlow.HALF_OPEN ? ONCE : PACE);
        assertTrue(struck >= steps.size(), blow + " struck " + struck + " times");
        return struck + " times " + blow;
      }
    };
  }

  /** The server takes most of a minute to give up a host that is silent. */
  private static Set<Step> struckBy(HostBlow blow) {
    return switch (blow) {
      case POWER_CUT, REBOOT, LINK_CUT -> Walk.ALL;
      case HALF_OPEN ->
          PACE.equals(Pace.EACH) ? Set.of(Step.EXEC, Step.RESTART) : Set.of(Step.EXEC);
    };
  }
}
