package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Order.End;
import io.easyagent.acceptance.chaos.Testimony.Word;
import io.easyagent.acceptance.chaos.Violation.Promise;
import io.easyagent.api.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows one agent through what was ordered of it, one order after another, and holds what it says
 * it did against that.
 */
final class AgentCheck {
  /** What the agent must be, by what was ordered of it. */
  private enum State {
    ABSENT,
    STOPPED,
    RUNNING,
    /** An order did not succeed, for a reason that is excused. */
    UNCERTAIN
  }

  /**
   * In an uncertain state: what one order and what was left undone of those before may add up to.
   */
  private static final int MOST_WORDS = 6;

  private final String host;
  private final String agent;
  private final List<Order> orders;
  private final List<Testimony> all;
  private final Circumstances circumstances;
  private final boolean settled;
  private final List<Violation> found = new ArrayList<>();
  private State state = State.ABSENT;

  /**
   * @param all that the host's witness has
   * @param settled nothing more is ordered
   */
  AgentCheck(
      String host,
      String agent,
      List<Order> orders,
      List<Testimony> all,
      Circumstances circumstances,
      boolean settled) {
    this.host = host;
    this.agent = agent;
    this.orders = orders;
    this.all = all;
    this.circumstances = circumstances;
    this.settled = settled;
  }

  List<Violation> violations() {
    checkAlone();
    int at = 0;
    for (Order order : orders) {
      untold(at, order.from(), order.submitted());
      Optional<End> end = order.end();
      if (end.isEmpty()) {
        return found;
      }
      at = end.get().to();
      ended(order, end.get(), ((Deed.Life) order.deed()).kind());
    }
    if (settled) {
      untold(at, all.size(), orders.getLast().end().orElseThrow().heard());
    }
    return found;
  }

  private void checkAlone() {
    Word before = Word.stopped;
    for (Testimony line : spoken(0, all.size())) {
      if (line.word() == Word.doubled || line.word() == before) {
        found.add(
            new Violation(
                Promise.AGENT_ALONE,
                host,
                agent,
                orders.getLast().accepted(),
                "it says twice that it " + before + ", or that another runs: " + line));
        return;
      }
      before = line.word();
    }
  }

  private void untold(int from, int to, Duration when) {
    List<Testimony> spoken = spoken(from, to);
    if (state == State.UNCERTAIN ? spoken.size() > MOST_WORDS : !spoken.isEmpty()) {
      broken(Promise.AGENT_AS_TOLD, when, "while it was told nothing: " + spoken);
    }
  }

  private void ended(Order order, End end, Command.Kind kind) {
    if (end.state().isEmpty()) {
      state = State.UNCERTAIN;
      return;
    }
    switch (end.state().get()) {
      case succeeded -> succeeded(order, end, kind);
      case expired -> {
        List<Testimony> spoken = spoken(order.from(), end.to());
        if (state != State.UNCERTAIN && !spoken.isEmpty()) {
          broken(Promise.TRUE_END, end.heard(), "expired, but: " + spoken + "; " + order);
        }
      }
      case failed -> {
        if (state != State.UNCERTAIN
            && !circumstances.diskWasFull(order, end)
            && !circumstances.deadlinePassed(order, end)) {
          broken(Promise.TRUE_END, end.heard(), "nothing was in its way: " + order);
        }
        state = State.UNCERTAIN;
      }
      case interrupted -> {
        if (!circumstances.wasRestored(order, end)) {
          broken(Promise.TRUE_INTERRUPTED, end.heard(), "its end can be known: " + order);
        }
        state = State.UNCERTAIN;
      }
      case cancelled, queued, sent, running ->
          broken(Promise.TRUE_END, end.heard(), "nobody has asked for that: " + order);
    }
  }

  private void succeeded(Order order, End end, Command.Kind kind) {
    List<Testimony> spoken = spoken(order.from(), end.to());
    List<Word> words = spoken.stream().map(Testimony::word).toList();
    if (state == State.UNCERTAIN) {
      boolean runs = last(end.to()).map(line -> line.word() == Word.started).orElse(false);
      state = after(kind);
      if (runs != (state == State.RUNNING) || words.size() > MOST_WORDS) {
        broken(Promise.AGENT_AS_TOLD, end.heard(), "it does otherwise: " + spoken + "; " + order);
      }
      return;
    }
    List<Word> expected = expected(kind);
    if (!words.equals(expected)) {
      broken(
          Promise.AGENT_AS_TOLD,
          end.heard(),
          "it says %s (expected: %s); %s".formatted(spoken, expected, order));
    }
    state = after(kind);
  }

  private List<Word> expected(Command.Kind kind) {
    boolean runs = state == State.RUNNING;
    return switch (kind) {
      // No agent stops when its sidecar is changed.
      case install, exec, upgradeSidecar, configureSidecar -> List.of();
      case start -> runs ? List.of() : List.of(Word.started);
      case stop, uninstall -> runs ? List.of(Word.stopped) : List.of();
      case restart -> runs ? List.of(Word.stopped, Word.started) : List.of(Word.started);
      case configure, upgrade -> runs ? List.of(Word.stopped, Word.started) : List.of();
    };
  }

  private State after(Command.Kind kind) {
    return switch (kind) {
      case install, stop -> State.STOPPED;
      case start, restart -> State.RUNNING;
      case uninstall -> State.ABSENT;
      case configure, upgrade, exec, upgradeSidecar, configureSidecar -> state;
    };
  }

  /** What the agent said in those lines of the host's witness. */
  private List<Testimony> spoken(int from, int to) {
    return all.subList(Math.min(from, to), Math.min(to, all.size())).stream()
        .filter(line -> line.name().equals(agent))
        .toList();
  }

  private Optional<Testimony> last(int to) {
    return spoken(0, to).reversed().stream().findFirst();
  }

  private void broken(Promise promise, Duration when, String what) {
    found.add(new Violation(promise, host, agent, when, what));
  }
}
