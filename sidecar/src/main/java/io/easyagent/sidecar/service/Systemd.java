package io.easyagent.sidecar.service;

import io.easyagent.sidecar.linux.DatagramSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A unit of {@code Type=notify}; the protocol is that of sd_notify(3). */
final class Systemd implements ServiceHost {
  static final String SOCKET = "NOTIFY_SOCKET";
  static final String WATCHDOG = "WATCHDOG_USEC";

  private static final Logger LOG = Logger.getLogger(Systemd.class.getName());
  private static final int LONGEST_STATUS = 400;

  private final DatagramSocket socket;
  private final Optional<Duration> watchdog;

  private Systemd(DatagramSocket socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  static ServiceHost of(String socket, Map<String, String> environment) {
    try {
      return new Systemd(new DatagramSocket(socket), watchdog(environment));
    } catch (IllegalArgumentException unusable) {
      LOG.log(Level.WARNING, "{0}: {1}", new Object[] {SOCKET, unusable.getMessage()});
      return new Nobody();
    }
  }

  private static Optional<Duration> watchdog(Map<String, String> environment) {
    String microseconds = environment.getOrDefault(WATCHDOG, "");
    return microseconds.matches("[1-9][0-9]{0,17}")
        ? Optional.of(
            Duration.of(Long.parseLong(microseconds), TimeUnit.MICROSECONDS.toChronoUnit()))
        : Optional.empty();
  }

  @Override
  public void ready() {
    send("READY=1");
  }

  @Override
  public void status(String line) {
    String clean = line.replaceAll("\\p{Cntrl}+", " ");
    send("STATUS=" + clean.substring(0, Math.min(clean.length(), LONGEST_STATUS)));
  }

  @Override
  public void alive() {
    send("WATCHDOG=1");
  }

  @Override
  public void stopping() {
    send("STOPPING=1");
  }

  @Override
  public void takesAtMost(Duration duration) {
    send("EXTEND_TIMEOUT_USEC=" + TimeUnit.MICROSECONDS.convert(duration));
  }

  @Override
  public Optional<Duration> aliveWithin() {
    return watchdog;
  }

  private void send(String message) {
    try {
      socket.send(message);
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING,
          "systemd was not told {0}: {1}",
          new Object[] {message, failure.getMessage()});
    }
  }
}
