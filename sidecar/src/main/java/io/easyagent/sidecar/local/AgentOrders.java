package io.easyagent.sidecar.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody on the host may tell its agents, with or without a server. */
public interface AgentOrders {

  /** What an agent is told. */
  enum Order {
    START,
    STOP,
    RESTART;

    /** As it is typed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Order> find(String word) {
      return Arrays.stream(values()).filter(order -> order.word().equals(word)).findFirst();
    }
  }

  /**
   * How it went.
   *
   * @param message one line for who asked
   */
  record Answer(boolean done, String message) {}

  /**
   * Tells an agent of this name and returns when that is over; blocks as long as it takes.
   *
   * @param user who asks, by name
   */
  Answer give(Order order, String agent, String user);
}
