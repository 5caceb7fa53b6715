package io.easyagent.sidecar.session;

import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.sidecar.wire.Fields;
import java.time.Clock;
import java.util.UUID;

/** The header of every call: who calls, in which session. */
record Headers(UUID hostId, Clock clock) {

  /**
   * @param epoch 0 before a session is open
   */
  SidecarRequestHeader of(long epoch) {
    return SidecarRequestHeader.newBuilder()
        .setId(Fields.bytes(hostId))
        .setSystime(Fields.timestamp(clock.instant()))
        .setSessionEpoch(epoch)
        .build();
  }
}
