package io.easyagent.server.access;

import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Transaction;

/**
 * Bounds how many hosts there are. Hosts are counted only when there may be too many: that they go
 * makes the last count no less safe. For the writer's thread.
 */
public final class FleetSize {
  private final HostStore hosts;
  private final int most;
  private long atMost = Long.MAX_VALUE;

  /**
   * @param most hosts that there may be
   */
  public FleetSize(HostStore hosts, int most) {
    this.hosts = hosts;
    this.most = most;
  }

  /**
   * One more host is about to be.
   *
   * @throws RefusedException TOO_MANY_REQUESTS when there are as many as there may be
   */
  void grow(Transaction transaction) {
    if (atMost >= most) {
      atMost = hosts.counts(transaction).values().stream().mapToLong(Long::longValue).sum();
    }
    if (atMost >= most) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS,
          "this server has %d hosts (expected: fewer than %d, maxHosts of its server.yaml; remove hosts that are gone, or raise it)"
              .formatted(atMost, most));
    }
    atMost++;
  }
}
