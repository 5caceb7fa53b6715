package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Order.End;
import io.easyagent.acceptance.chaos.Violation.Promise;
import io.easyagent.api.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says which promises a history breaks: a pure function. What is not over yet is left out, unless
 * the history is settled.
 */
final class Checker {
  private final History history;
  private final Circumstances circumstances;
  private final List<Violation> found = new ArrayList<>();

  private Checker(History history) {
    this.history = history;
    this.circumstances = new Circumstances(history.strikes(), history.restorations());
  }

  static List<Violation> violations(History history) {
    Checker checker = new Checker(history);
    checker.checkEnds();
    checker.checkExecutions();
    checker.checkAgents();
    return List.copyOf(checker.found);
  }

  private void checkEnds() {
    for (Order order : history.orders()) {
      if (order.ends().isEmpty()) {
        if (history.settled()) {
          broken(Promise.ENDED, order, "it has not ended: " + order);
        }
        continue;
      }
      End before = order.ends().getFirst();
      if (before.state().isEmpty() && !circumstances.mayBeForgotten(order, before)) {
        broken(Promise.KEPT, order, "the server does not know it: " + order);
      }
      for (End later : order.ends().subList(1, order.ends().size())) {
        if (!circumstances.mayBecome(before, later)) {
          broken(Promise.ONE_END, order, "it has ended in more than one way: " + order);
        }
        before = later;
      }
    }
  }

  private void checkExecutions() {
    for (Map.Entry<String, List<Testimony>> host : history.witnesses().entrySet()) {
      Map<String, List<Testimony>> spoken =
          host.getValue().stream().collect(Collectors.groupingBy(Testimony::name));
      for (Order order : history.orders()) {
        if (order.host().equals(host.getKey())
            && order.deed() instanceof Deed.Execution execution) {
          checkExecution(order, execution, spoken.getOrDefault(execution.name(), List.of()));
        }
      }
    }
  }

  private void checkExecution(Order order, Deed.Execution execution, List<Testimony> spoken) {
    long began = count(spoken, Testimony.Word.began);
    long ended = count(spoken, Testimony.Word.ended);
    if (began > 1) {
      broken(Promise.ONCE, order, "it ran " + began + " times: " + spoken + "; " + order);
    }
    for (End end : order.ends()) {
      if (end.state().isPresent()
          && !isTrue(order, execution, end, end.state().get(), began, ended)) {
        broken(
            end.is(Operation.State.interrupted) ? Promise.TRUE_INTERRUPTED : Promise.TRUE_END,
            order,
            "its end is not what happened: %s; it says: %s; %s".formatted(end, spoken, order));
      }
    }
  }

  private boolean isTrue(
      Order order,
      Deed.Execution execution,
      End end,
      Operation.State state,
      long began,
      long ended) {
    boolean whole = began == 1 && ended == 1;
    return switch (state) {
      case succeeded -> whole && execution.status() == 0 && exited(end, 0);
      case failed ->
          whole && execution.status() != 0 && exited(end, execution.status())
              || execution.hurried() && end.message().startsWith("deadline passed")
              || circumstances.deadlinePassed(order, end) && ended == 0
              || circumstances.diskWasFull(order, end) && end.exitStatus().isEmpty();
      case cancelled -> execution.cancelled();
      case expired -> began == 0;
      case interrupted ->
          circumstances.wasRestored(order, end)
              || circumstances.diskWasFull(order, end)
              || circumstances.sidecarDied(order, end) && began == 0;
      case queued, sent, running -> false;
    };
  }

  private static boolean exited(End end, int status) {
    return end.exitStatus().map(said -> said == status).orElse(false);
  }

  private void checkAgents() {
    for (Map.Entry<String, List<Testimony>> host : history.witnesses().entrySet()) {
      history.orders().stream()
          .filter(order -> order.host().equals(host.getKey()))
          .filter(order -> order.deed() instanceof Deed.Life)
          .collect(Collectors.groupingBy(order -> ((Deed.Life) order.deed()).agent()))
          .forEach((agent, orders) ->
              found.addAll(
                  new AgentCheck(
                          host.getKey(),
                          agent,
                          orders,
                          host.getValue(),
                          circumstances,
                          history.settled())
                      .violations()));
      checkSteady(host.getKey(), host.getValue());
    }
    for (History.Missing missing : history.gone()) {
      found.add(
          new Violation(
              Promise.AGENT_LIVES,
              missing.host(),
              missing.last().name(),
              missing.seen(),
              "its process is gone, and it was not told to stop: " + missing.last()));
    }
  }

  private void checkSteady(String host, List<Testimony> all) {
    List<Testimony> spoken =
        all.stream().filter(line -> line.name().equals(history.steady())).toList();
    List<Testimony.Word> words = spoken.stream().map(Testimony::word).toList();
    if (!words.equals(List.of(Testimony.Word.started))) {
      found.add(
          new Violation(
              words.contains(Testimony.Word.doubled) ? Promise.AGENT_ALONE : Promise.AGENT_AS_TOLD,
              host,
              history.steady(),
              history.seen(),
              "it was told to start once, and nothing else: " + spoken));
    }
  }

  private static long count(List<Testimony> spoken, Testimony.Word word) {
    return spoken.stream().filter(line -> line.word() == word).count();
  }

  private void broken(Promise promise, Order order, String what) {
    found.add(
        new Violation(
            promise,
            order.host(),
            subject(order.deed()),
            order.end().map(End::heard).orElse(order.accepted()),
            what));
  }

  private static String subject(Deed deed) {
    return switch (deed) {
      case Deed.Execution execution -> execution.name();
      case Deed.Life life -> life.agent();
    };
  }
}
