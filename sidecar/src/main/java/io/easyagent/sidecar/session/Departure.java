package io.easyagent.sidecar.session;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.LeaveRequest;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An ephemeral host tells its server that it goes for good, as its machine shuts down. */
public final class Departure {
  private static final Logger log = Logger.getLogger(Departure.class.getName());

  /** The longest that {@link #leave} can take. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Channels channels;
  private final CurrentIdentity identity;
  private final String version;
  private final Headers headers;
  private final CurrentSession current;

  Departure(
      Channels channels,
      CurrentIdentity identity,
      String version,
      Headers headers,
      CurrentSession current) {
    this.channels = channels;
    this.identity = identity;
    this.version = version;
    this.headers = headers;
    this.current = current;
  }

  /**
   * Nothing for a host that is to stay. Where the server cannot be told, it finds out by itself.
   *
   * @return whether the server has removed the host
   */
  public boolean leave() {
    if (!identity.identity().ephemeral()) {
      return false;
    }
    Optional<CurrentSession.Live> session = current.find();
    if (session.isEmpty()) {
      log.warning("this ephemeral host could not say that it goes: no session with a server");
      return false;
    }
    ManagedChannel channel;
    try {
      channel = channels.open(session.get().address(), identity.tls(), version);
    } catch (GeneralSecurityException broken) {
      log.log(Level.WARNING, "this ephemeral host could not say that it goes", broken);
      return false;
    }
    try {
      var unused =
          EasyAgentServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .leave(LeaveRequest.newBuilder().setH(headers.of(session.get().epoch())).build());
      return true;
    } catch (StatusRuntimeException refused) {
      log.log(Level.WARNING, "this ephemeral host could not say that it goes", refused);
      return false;
    } finally {
      channel.shutdownNow();
    }
  }
}
