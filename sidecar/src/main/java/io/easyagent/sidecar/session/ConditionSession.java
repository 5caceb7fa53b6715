package io.easyagent.sidecar.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceBlockingStub;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.wire.UsageCodec;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is left of a session when the journal cannot be read: the condition is reported, and no
 * command is taken, because what the host has done before is not known. No inventory is sent: an
 * empty one would say that the host holds nothing.
 */
final class ConditionSession implements SessionWork {
  private static final Logger log = Logger.getLogger(ConditionSession.class.getName());
  private static final long CALL_SECONDS = 30;
  private static final Duration NEXT = Duration.ofMinutes(5);

  private final String condition;
  private final HostFacts facts;
  private final Headers headers;
  private final Renewal renewal;
  private final ServerAddresses addresses;
  private final Clock clock;

  ConditionSession(
      String condition,
      HostFacts facts,
      Headers headers,
      Renewal renewal,
      ServerAddresses addresses,
      Clock clock) {
    this.condition = condition;
    this.facts = facts;
    this.headers = headers;
    this.renewal = renewal;
    this.addresses = addresses;
    this.clock = clock;
  }

  @Override
  public SessionEnd run(ManagedChannel channel, ServerAddress address, Runnable up) {
    try {
      EasyAgentServiceBlockingStub stub =
          EasyAgentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, SECONDS);
      Optional<SessionEnd> renewed = renewal.beforeSession(stub);
      if (renewed.isPresent()) {
        return renewed.get();
      }
      RegisterResponse registered =
          stub.registerSidecar(
              Registration.request(facts, Optional.empty(), Map.of("condition", shortened()))
                  .toBuilder()
                  .setH(headers.of(0))
                  .build());
      renewal.learn(registered.getCertificateAuthoritiesList());
      addresses.learn(registered.getServerAddressesList());
      tell(stub, registered.getSessionEpoch());
      return new SessionEnd.ComeBack(NEXT, "command intake is stopped: " + condition);
    } catch (StatusRuntimeException failure) {
      return Session.end(failure, renewal);
    }
  }

  /** A server may take events of this kind or not; the registration has said it already. */
  private void tell(EasyAgentServiceBlockingStub stub, long epoch) {
    try {
      stub.reportEvent(
          UsageCodec.error(clock.instant(), condition).toBuilder().setH(headers.of(epoch)).build());
    } catch (StatusRuntimeException notTaken) {
      log.log(Level.FINE, "the condition was told by the registration alone", notTaken);
    }
  }

  /** Facts are bounded to 256 characters. */
  private String shortened() {
    return condition.length() <= 256 ? condition : condition.substring(0, 256);
  }
}
