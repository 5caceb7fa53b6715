package io.easyagent.sidecar.wire;

import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.Readiness.Sign;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.stream.Stream;

/** Probes, and what is made of them: readiness and the health check. */
final class ProbeCodec {

  private ProbeCodec() {}

  static Probe decode(boolean present, io.easyagent.protocol.Probe message, String field)
      throws WireException {
    if (!present) {
      throw WireException.missing(field);
    }
    return switch (message.getProbeCase()) {
      case COMMAND -> new Probe.Command(message.getCommand().getCommandList());
      case HTTP -> new Probe.Http(uri(message.getHttp().getUrl(), field + ".http.url"));
      case TCP -> tcp(message.getTcp().getAddress(), field + ".tcp.address");
      case PROBE_NOT_SET -> throw WireException.missing(field + ".command, .http or .tcp");
    };
  }

  static io.easyagent.protocol.Probe encode(Probe probe) {
    var message = io.easyagent.protocol.Probe.newBuilder();
    switch (probe) {
      case Probe.Command command ->
          message.setCommand(
              io.easyagent.protocol.Probe.Command.newBuilder().addAllCommand(command.command()));
      case Probe.Http http ->
          message.setHttp(
              io.easyagent.protocol.Probe.Http.newBuilder().setUrl(http.url().toString()));
      case Probe.Tcp tcp ->
          message.setTcp(
              io.easyagent.protocol.Probe.Tcp.newBuilder()
                  .setAddress(
                      (tcp.host().contains(":") ? "[" + tcp.host() + "]" : tcp.host())
                          + ":"
                          + tcp.port()));
    }
    return message.build();
  }

  static Readiness decode(io.easyagent.protocol.Readiness message) throws WireException {
    boolean line = !message.getLine().isEmpty();
    boolean several =
        Stream.of(message.hasProbe(), message.hasDelay(), line).filter(given -> given).count() > 1;
    if (several) {
      throw new WireException("definition.ready: more than one of probe, delay and line");
    }
    if (message.hasDelay()) {
      return new Readiness(
          new Sign.StayedUp(), Fields.duration(true, message.getDelay(), "definition.ready.delay"));
    }
    Duration timeout =
        Fields.duration(message.hasTimeout(), message.getTimeout(), "definition.ready.timeout");
    return line
        ? new Readiness(new Sign.Line(message.getLine()), timeout)
        : new Readiness(
            decode(message.hasProbe(), message.getProbe(), "definition.ready.probe"), timeout);
  }

  static io.easyagent.protocol.Readiness encode(Readiness ready) {
    var message = io.easyagent.protocol.Readiness.newBuilder();
    switch (ready.sign()) {
      case Sign.Answer(Probe probe) ->
          message.setProbe(encode(probe)).setTimeout(Fields.duration(ready.timeout()));
      case Sign.Line(String text) ->
          message.setLine(text).setTimeout(Fields.duration(ready.timeout()));
      case Sign.StayedUp() -> message.setDelay(Fields.duration(ready.timeout()));
    }
    return message.build();
  }

  static HealthCheck decode(io.easyagent.protocol.HealthCheck message) throws WireException {
    if (message.getRetries() <= 0) {
      throw WireException.unexpected(
          "definition.health.retries",
          Integer.toUnsignedString(message.getRetries()),
          "1 to 2^31-1");
    }
    return new HealthCheck(
        decode(message.hasProbe(), message.getProbe(), "definition.health.probe"),
        Fields.duration(message.hasInterval(), message.getInterval(), "definition.health.interval"),
        Fields.duration(message.hasTimeout(), message.getTimeout(), "definition.health.timeout"),
        Fields.duration(
            message.hasStartPeriod(), message.getStartPeriod(), "definition.health.startPeriod"),
        message.getRetries(),
        switch (message.getOnFailure()) {
          case REPORT -> HealthCheck.OnFailure.REPORT;
          case RESTART -> HealthCheck.OnFailure.RESTART;
          case STOP -> HealthCheck.OnFailure.STOP;
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  "definition.health.onFailure", "unknown", "report, restart or stop");
        });
  }

  static io.easyagent.protocol.HealthCheck encode(HealthCheck check) {
    return io.easyagent.protocol.HealthCheck.newBuilder()
        .setProbe(encode(check.probe()))
        .setInterval(Fields.duration(check.interval()))
        .setTimeout(Fields.duration(check.timeout()))
        .setStartPeriod(Fields.duration(check.startPeriod()))
        .setRetries(check.retries())
        .setOnFailure(
            switch (check.onFailure()) {
              case REPORT -> io.easyagent.protocol.HealthCheck.OnFailure.REPORT;
              case RESTART -> io.easyagent.protocol.HealthCheck.OnFailure.RESTART;
              case STOP -> io.easyagent.protocol.HealthCheck.OnFailure.STOP;
            })
        .build();
  }

  private static URI uri(String text, String field) throws WireException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException malformed) {
      throw WireException.unexpected(field, text, "an http or https URL");
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
      throw WireException.unexpected(field, text, "an http or https URL");
    }
    return uri;
  }

  private static Probe.Tcp tcp(String address, String field) throws WireException {
    int colon = address.lastIndexOf(':');
    if (colon > 0) {
      String host = address.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      try {
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port > 0 && port < 65_536 && !host.isEmpty()) {
          return new Probe.Tcp(host, port);
        }
      } catch (NumberFormatException notNumber) {
        // Said below, as for every other malformed address.
      }
    }
    throw WireException.unexpected(field, address, "HOST:PORT, port 1 to 65535");
  }
}
