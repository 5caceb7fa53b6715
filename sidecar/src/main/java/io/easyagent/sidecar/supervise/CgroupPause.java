package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.log.AgentPause;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Holds an agent still by its cgroup, where it has one that can be frozen. */
final class CgroupPause implements AgentPause {
  private static final Logger LOG = Logger.getLogger(CgroupPause.class.getName());
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration ROUND = Duration.ofMillis(1);

  private final AgentCgroup cgroup;
  private final LongSupplier nanoTime;

  CgroupPause(AgentCgroup cgroup, LongSupplier nanoTime) {
    this.cgroup = cgroup;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean hold() {
    try {
      cgroup.freeze(true);
      long start = nanoTime.getAsLong();
      while (!cgroup.isFrozen()) {
        if (nanoTime.getAsLong() - start > PATIENCE.toNanos()) {
          return false;
        }
        LockSupport.parkNanos(ROUND.toNanos());
      }
      return true;
    } catch (IOException cannot) {
      return false;
    }
  }

  @Override
  public void release() {
    try {
      cgroup.freeze(false);
    } catch (IOException failure) {
      LOG.log(Level.SEVERE, failure, () -> "an agent that was held still is not released");
    }
  }
}
