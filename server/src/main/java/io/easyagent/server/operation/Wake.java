package io.easyagent.server.operation;

import io.easyagent.server.fleet.HostId;
import java.util.Collection;

/** Tells the dispatcher that these hosts may have something to do. Quick; never waits. */
@FunctionalInterface
public interface Wake {
  void wake(Collection<HostId> hosts);
}
