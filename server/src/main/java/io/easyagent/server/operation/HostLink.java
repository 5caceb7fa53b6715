package io.easyagent.server.operation;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogHost;

/** The open stream of commands of one session. Thread-safe; nothing here waits. */
public interface HostLink extends LogHost {
  @Override
  HostId host();

  @Override
  long epoch();

  /** Whether the host keeps up; when it does again, the dispatcher is woken. */
  boolean ready();

  /** Forms the command, without sending anything. */
  Prepared prepare(WorkItem item, Command command);

  /** Tells the host to end the operation; says it once. */
  void cancel(OperationId operation);

  /** Ends the stream for good. */
  void close(CloseReason reason);

  /** Asks the host to come back soon, saying why, and ends the stream. */
  void reconnect(String reason);

  /** Why the server ends a stream. */
  enum CloseReason {
    REPLACED,
    REVOKED,
    CONFLICTED
  }

  /** A formed command. */
  sealed interface Prepared {
    /**
     * @param send gives the bytes to the stream; only after SENT is committed
     */
    record Sendable(Runnable send) implements Prepared {}

    record Impossible(String reason) implements Prepared {}
  }
}
