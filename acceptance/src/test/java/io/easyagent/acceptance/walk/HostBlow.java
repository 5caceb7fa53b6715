package io.easyagent.acceptance.walk;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.acceptance.realhost.SyncedDisk;
import io.easyagent.api.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What befalls a whole host.
 *
 * @param blow what the sidecar itself does at the boundary
 * @param boots how often the host boots because of it
 */
enum HostBlow {
  /** What the sidecar has not synced is lost. */
  POWER_CUT(Boundary.Blow.HOLD, 1),
  REBOOT(Boundary.Blow.PASS, 1),
  /** The cable is out while the host does what it can without the server. */
  LINK_CUT(Boundary.Blow.PASS, 0),
  /** The cable is out until the server has given the host up; the host is told nothing. */
  HALF_OPEN(Boundary.Blow.PASS, 0);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final int QUIET_LOOKS = 5;

  private final Boundary.Blow blow;
  private final int boots;

  HostBlow(Boundary.Blow blow, int boots) {
    this.blow = blow;
    this.boots = boots;
  }

  Boundary.Blow blow() {
    return blow;
  }

  int boots() {
    return boots;
  }

  /**
   * @param work a file that grows while the host works
   */
  void fall(SidecarHost sidecar, SyncedDisk disk, ControlPlane server, Path work) throws Exception {
    RealHost host = sidecar.host();
    switch (this) {
      case POWER_CUT -> {
        disk.cutPower(sidecar.pid());
        host.switchOn();
      }
      case REBOOT -> host.reboot();
      case LINK_CUT -> {
        host.unplug();
        awaitQuiet(work);
        host.plugIn();
      }
      case HALF_OPEN -> {
        host.unplug();
        server.await(host.name(), Host.Status.offline);
        host.plugIn();
      }
    }
  }

  private static void awaitQuiet(Path work) {
    long size = -1;
    for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      long now = work.toFile().length();
      if (now != size) {
        size = now;
        quiet = 0;
      }
    }
  }
}
