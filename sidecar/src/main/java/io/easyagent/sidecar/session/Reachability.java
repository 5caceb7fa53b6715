package io.easyagent.sidecar.session;

import io.grpc.Status;

/** What a failed call says about the server: nothing, when it was never reached. */
final class Reachability {
  private Reachability() {}

  /**
   * Whether the call failed on the way, so that the server has refused nothing. A connection that
   * is cut in its handshake is UNKNOWN to gRPC, with what cut it as the cause; a status that a
   * server has sent has no cause.
   */
  static boolean isUnreached(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.UNKNOWN && status.getCause() != null;
  }
}
