package io.easyagent.sidecar.service;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What started the sidecar and starts it again when it ends or hangs. Thread-safe; telling it
 * something never blocks and never fails: who cannot be told restarts us.
 */
public sealed interface ServiceHost permits Systemd, RestartLoop, ServiceHost.Nobody {

  /** The agents are adopted and commands are taken, or it is known why not. */
  void ready();

  /**
   * @param line what an operator sees
   */
  void status(String line);

  /** To be said again and again, see {@link #aliveWithin}. */
  void alive();

  void stopping();

  /** The present step takes at most that long from now on: it is not to be cut short. */
  void takesAtMost(Duration duration);

  /** A sidecar that was not {@link #alive} for that long is killed; empty: nobody looks. */
  Optional<Duration> aliveWithin();

  /** The one that this environment is of. */
  static ServiceHost of(Map<String, String> environment) {
    String socket = environment.getOrDefault(Systemd.SOCKET, "");
    if (!socket.isEmpty()) {
      return Systemd.of(socket, environment);
    }
    String heartbeat = environment.getOrDefault(RestartLoop.HEARTBEAT, "");
    return heartbeat.isEmpty() ? new Nobody() : RestartLoop.of(heartbeat, environment);
  }

  /** A person, or something that we do not know. */
  record Nobody() implements ServiceHost {
    @Override
    public void ready() {}

    @Override
    public void status(String line) {}

    @Override
    public void alive() {}

    @Override
    public void stopping() {}

    @Override
    public void takesAtMost(Duration duration) {}

    @Override
    public Optional<Duration> aliveWithin() {
      return Optional.empty();
    }
  }
}
