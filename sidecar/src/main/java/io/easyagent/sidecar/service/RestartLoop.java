package io.easyagent.sidecar.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The script {@code easyagent-sidecar-loop}. It looks at a file in a folder of its own: a number in
 * it that does not change means that we hang. No clock is compared, so that setting the host's
 * clock kills nobody.
 */
final class RestartLoop implements ServiceHost {
  static final String HEARTBEAT = "EASYAGENT_HEARTBEAT";
  static final String SECONDS = "EASYAGENT_HEARTBEAT_SECONDS";

  private static final Logger LOG = Logger.getLogger(RestartLoop.class.getName());

  private final Path file;
  private final Optional<Duration> within;
  private final AtomicLong beats = new AtomicLong();

  private RestartLoop(Path file, Optional<Duration> within) {
    this.file = file;
    this.within = within;
  }

  static RestartLoop of(String file, Map<String, String> environment) {
    String seconds = environment.getOrDefault(SECONDS, "");
    return new RestartLoop(
        Path.of(file),
        seconds.matches("[1-9][0-9]{0,5}")
            ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
            : Optional.empty());
  }

  /** From the first number on the loop looks, as systemd does from READY on. */
  @Override
  public void ready() {
    alive();
  }

  @Override
  public void status(String line) {}

  @Override
  public void alive() {
    try {
      Files.writeString(file, beats.incrementAndGet() + "\n");
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "the restart loop was not told that we live: {0}", failure.toString());
    }
  }

  @Override
  public void stopping() {}

  @Override
  public void takesAtMost(Duration duration) {}

  @Override
  public Optional<Duration> aliveWithin() {
    return within;
  }
}
