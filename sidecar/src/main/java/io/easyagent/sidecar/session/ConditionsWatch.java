package io.easyagent.sidecar.session;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends a session when the host is no longer as its inventory said: conditions are told when a
 * session opens, and so the next one tells the new ones.
 */
final class ConditionsWatch implements Runnable {
  private final Supplier<List<String>> host;
  private final List<String> told;
  private final Duration interval;
  private final Consumer<SessionEnd> ended;
  private final Wakeup never = new Wakeup();

  /**
   * @param host what is to be told of it now
   * @param told what its inventory said
   */
  ConditionsWatch(
      Supplier<List<String>> host,
      List<String> told,
      Duration interval,
      Consumer<SessionEnd> ended) {
    this.host = host;
    this.told = List.copyOf(told);
    this.interval = interval;
    this.ended = ended;
  }

  /** Runs until it is interrupted, or the session is over. */
  @Override
  public void run() {
    try {
      do {
        never.await(interval);
      } while (host.get().equals(told));
      ended.accept(
          new SessionEnd.ComeBack(Duration.ZERO, "what is to be known of the host has changed"));
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }
}
