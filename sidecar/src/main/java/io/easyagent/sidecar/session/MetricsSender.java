package io.easyagent.sidecar.session;

import io.easyagent.sidecar.wire.UsageCodec;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reports the host's figures while a session is up. They are not durable: the latest wins. */
final class MetricsSender implements Runnable {
  private static final Logger log = Logger.getLogger(MetricsSender.class.getName());
  private static final Duration SOON = Duration.ofSeconds(2);

  private final HostView host;
  private final ReportCalls calls;
  private final Clock clock;
  private final Duration interval;
  private final Wakeup never = new Wakeup();

  MetricsSender(HostView host, ReportCalls calls, Clock clock, Duration interval) {
    this.host = host;
    this.calls = calls;
    this.clock = clock;
    this.interval = interval;
  }

  /** Runs until it is interrupted. */
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean sent = report();
        // The stream that carries the session may not be open there yet.
        never.await(sent || interval.compareTo(SOON) < 0 ? interval : SOON);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean report() {
    try {
      calls.report(UsageCodec.encode(clock.instant(), host.usage()));
      return true;
    } catch (StatusRuntimeException lost) {
      log.log(Level.FINE, "metrics were not reported", lost);
      return false;
    }
  }
}
