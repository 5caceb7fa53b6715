package io.easyagent.server.session;

import io.easyagent.server.operation.HostLink;
import io.easyagent.server.operation.HostLinks;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks every connected host to open a session anew, one after another, so that it hears what has
 * changed: 10,000 hosts in four minutes.
 */
public final class Recall {
  private static final Duration BETWEEN = Duration.ofMillis(25);

  private final HostLinks links;
  private final ScheduledExecutorService scheduler;

  public Recall(HostLinks links, ScheduledExecutorService scheduler) {
    this.links = links;
    this.scheduler = scheduler;
  }

  /** Returns at once. */
  public void all(String reason) {
    long delay = 0;
    for (HostLink link : links.all()) {
      scheduler.schedule(() -> link.reconnect(reason), delay, TimeUnit.MILLISECONDS);
      delay += BETWEEN.toMillis();
    }
  }
}
