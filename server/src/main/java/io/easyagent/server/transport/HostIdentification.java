package io.easyagent.server.transport;

import io.easyagent.server.fleet.HostId;
import io.grpc.Attributes;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.Optional;

/** Says who is at the other end of a connection to the hosts' port, and lets calls through. */
public abstract class HostIdentification extends ServerTransportFilter
    implements ServerInterceptor {
  /** The host whose certificate was shown; of what {@link #transportReady} has returned. */
  public abstract Optional<HostId> host(Attributes transport);
}
