package io.easyagent.sidecar.session;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.protocol.SoftwareVersion;
import io.easyagent.sidecar.journal.JournalEntry.SessionOpened;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both sides say of themselves when a session opens. */
final class Registration {
  private static final List<String> CAPABILITIES =
      List.of(
          "definition-1",
          "definition-2",
          "definition-3",
          "exec-vector-1",
          "secrets-1",
          "log-stream-1",
          "log-stream-2",
          "sidecar-upgrade-1");
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(30);

  private Registration() {}

  /**
   * What the server answered.
   *
   * @param opened to be journalled before the session is used
   */
  record Registered(
      SessionOpened opened,
      String hostName,
      Map<String, String> labels,
      Duration metricsInterval) {}

  /** Without a header. */
  static RegisterRequest request(
      HostFacts facts, Optional<SessionOpened> last, Map<String, String> further) {
    return RegisterRequest.newBuilder()
        .setOsType(facts.osType())
        .setOsPlatform(facts.osPlatform())
        .setOsVersion(facts.osVersion())
        .setCpuCores(facts.cores())
        .setMemSize(facts.memory())
        .setSwapSize(facts.swap())
        .setHost(facts.hostName())
        .setLocalIp(facts.addresses())
        .setVersion(version(facts.sidecarVersion()))
        .setArchitecture(facts.architecture())
        .setMachineId(facts.machineId())
        .setBootId(facts.bootId())
        .setInstance(Fields.bytes(facts.instance()))
        .setNonce(last.map(session -> Fields.bytes(session.nonce())).orElse(ByteString.EMPTY))
        .setGeneration(
            last.map(session -> Fields.bytes(session.generation())).orElse(ByteString.EMPTY))
        .putAllFacts(further)
        .build();
  }

  /**
   * @param last the session before, as the journal knows it
   * @throws WireException also for an epoch that is not above the last one of the same generation:
   *     such a server is behind
   */
  static Registered read(
      RegisterResponse response, Optional<SessionOpened> last, String fleetId, String localName)
      throws WireException {
    SessionOpened opened =
        new SessionOpened(
            response.getSessionEpoch(),
            Fields.opaque(response.getNonce(), "nonce"),
            Fields.opaque(response.getGeneration(), "generation"));
    if (opened.epoch() <= 0) {
      throw new WireException("sessionEpoch: " + opened.epoch() + " (expected: 1 or more)");
    }
    if (last.isPresent()
        && last.get().generation().equals(opened.generation())
        && opened.epoch() <= last.get().epoch()) {
      throw new WireException(
          "sessionEpoch: " + opened.epoch() + " (expected: above " + last.get().epoch() + ")");
    }
    if (!response.getFleetId().equals(fleetId)) {
      throw new WireException("fleetId: " + response.getFleetId() + " (expected: " + fleetId + ")");
    }
    return new Registered(
        opened,
        response.getHostName().isEmpty() ? localName : response.getHostName(),
        Map.copyOf(response.getLabelsMap()),
        interval(response));
  }

  static SoftwareVersion version(String version) {
    return SoftwareVersion.newBuilder()
        .setVersion(version)
        .addAllCapabilities(CAPABILITIES)
        .build();
  }

  private static Duration interval(RegisterResponse response) throws WireException {
    if (!response.hasMetricsInterval()) {
      return USUAL_INTERVAL;
    }
    Duration asked = Fields.duration(true, response.getMetricsInterval(), "metricsInterval");
    if (asked.compareTo(SHORTEST_INTERVAL) < 0) {
      return SHORTEST_INTERVAL;
    }
    return asked.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : asked;
  }
}
