package io.easyagent.sidecar.session;

import io.grpc.ManagedChannel;

/** What is done over a connection until it ends. */
interface SessionWork {
  /**
   * Returns once the session is over; the connection is then closed by the caller. Closing the
   * connection from outside ends it.
   *
   * @param up to be run once commands can flow
   */
  SessionEnd run(ManagedChannel channel, ServerAddress address, Runnable up)
      throws InterruptedException;
}
