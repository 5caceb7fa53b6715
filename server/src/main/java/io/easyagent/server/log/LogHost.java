package io.easyagent.server.log;

import io.easyagent.server.fleet.HostId;

/** A host's open session, which streams can be asked of. Thread-safe; nothing here waits. */
public interface LogHost {
  HostId host();

  long epoch();

  /** Tells the host to begin; whether it does shows only when it calls. */
  void streamLog(LogOrder order);
}
