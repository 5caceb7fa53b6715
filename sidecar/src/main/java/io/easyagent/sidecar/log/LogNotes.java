package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What is to be told of an agent's log: conditions for its operator, without numbers, so that they
 * change seldom; and the counts, in the sidecar's own log, at most once in a while. For one thread
 * at a time.
 */
final class LogNotes {
  private static final Logger LOG = Logger.getLogger(LogNotes.class.getName());
  private static final Duration TOLD_AGAIN = Duration.ofMinutes(1);

  private final String agent;
  private final LongSupplier nanoTime;
  private Optional<LogState> since = Optional.empty();
  private Optional<LogState> last = Optional.empty();
  private Optional<LogState> told = Optional.empty();
  private long toldAt;
  private List<String> ofTheDisk = List.of();
  private List<String> ofTheAgent = List.of();

  LogNotes(String agent, LongSupplier nanoTime) {
    this.agent = agent;
    this.nanoTime = nanoTime;
  }

  /** The agent is started anew: what its process before did to its log is past. */
  List<String> begunAnew() {
    since = last;
    ofTheAgent = List.of();
    return ofTheDisk;
  }

  /** What is known of the log holds on; what was wanted is not done. */
  List<String> failed(String reason) {
    return Stream.of(
            ofTheDisk, ofTheAgent, List.of("its log is not rotated: " + reason + "; tried again"))
        .flatMap(List::stream)
        .toList();
  }

  List<String> tended(AgentLog log, LogState state, LogRule rule) {
    LogState before = since.orElse(log.takenUp());
    since = Optional.of(before);
    last = Optional.of(state);
    ofTheDisk = log.canFree() ? List.of() : List.of(withoutHoles(log.heldStill()));
    List<String> seen = new ArrayList<>();
    if (state.dropped() > before.dropped() && rule.keep() > 0) {
      seen.add("its oldest output was dropped before it could be rotated: too much came at once");
    }
    if (state.truncations() > before.truncations()) {
      seen.add("it has truncated its own log: what was not rotated then is gone");
    }
    ofTheAgent = List.copyOf(seen);
    tell(before, state, rule);
    return Stream.of(ofTheDisk, ofTheAgent).flatMap(List::stream).toList();
  }

  private static String withoutHoles(boolean heldStill) {
    return "the file system of its log cannot free parts of a file: "
        + (heldStill
            ? "the agent is held still while its log is emptied"
            : "what it writes while its log is emptied may be lost");
  }

  private void tell(LogState before, LogState state, LogRule rule) {
    LogState last = told.orElse(before);
    long dropped = rule.keep() > 0 ? state.dropped() - last.dropped() : 0;
    long truncations = state.truncations() - last.truncations();
    long now = nanoTime.getAsLong();
    if (dropped + truncations > 0 && (told.isEmpty() || now - toldAt >= TOLD_AGAIN.toNanos())) {
      LOG.log(
          Level.WARNING,
          "agent {0}: {1} bytes of its output were dropped before they could be rotated, and it"
              + " has truncated its log {2} times, since this was last told",
          new Object[] {agent, Long.toString(dropped), Long.toString(truncations)});
      told = Optional.of(state);
      toldAt = now;
    }
  }
}
