package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Operator.RefusedException;
import io.easyagent.api.Command;
import io.easyagent.api.Operation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Leads one agent through its life, again and again, by whatever way it draws. */
final class Leading implements Work {
  /** What the agent is of whose life is told. */
  static final String AGENT = "led";

  private static final String TIMEOUT = "10m";
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  /** What the agent is, as far as the operator knows. */
  private enum Standing {
    ABSENT,
    STOPPED,
    RUNNING,
    UNKNOWN
  }

  private final Operator operator;
  private final Witness witness;
  private final Ledger ledger;
  private final Time time;
  private final RandomGenerator random;
  private final String host;
  private Standing standing = Standing.ABSENT;

  /** How often the server had been restored when that was so. */
  private int restored;

  private int setting;

  Leading(
      Operator operator,
      Witness witness,
      Ledger ledger,
      Time time,
      RandomGenerator random,
      String host) {
    this.operator = operator;
    this.witness = witness;
    this.ledger = ledger;
    this.time = time;
    this.random = random;
    this.host = host;
  }

  @Override
  public void once() throws RefusedException {
    Command.Kind kind = draw();
    int restoredBefore = ledger.restorations().size();
    try {
      UUID batch =
          operator.order(List.of(host), command(kind), new Deed.Life(AGENT, kind), TIMEOUT);
      operator.await(batch, List.of(host));
      standing = ledger.require(batch, host).end().map(end -> after(end, kind)).orElse(standing);
      restored = restoredBefore;
    } catch (RefusedException refused) {
      if (standing != Standing.UNKNOWN) {
        if (ledger.restorations().size() == restored) {
          throw refused;
        }
        // The server is back at another moment of the agent's life.
        standing = Standing.UNKNOWN;
        return;
      }
      // A restored server has yet to hear of the agent from its host, or there is none.
      time.pass(ASK_AGAIN);
      if (isQuiet()) {
        standing = Standing.ABSENT;
      }
    }
  }

  private boolean isQuiet() {
    return witness
        .last(host, AGENT)
        .map(line -> line.word() != Testimony.Word.started)
        .orElse(true);
  }

  private Standing after(Order.End end, Command.Kind kind) {
    if (end.is(Operation.State.expired)) {
      return standing;
    }
    if (!end.is(Operation.State.succeeded)) {
      return Standing.UNKNOWN;
    }
    return switch (kind) {
      case install, stop -> Standing.STOPPED;
      case start, restart -> Standing.RUNNING;
      case uninstall -> Standing.ABSENT;
      case configure, upgrade, exec, upgradeSidecar, configureSidecar -> standing;
    };
  }

  private Command.Kind draw() {
    int lot = random.nextInt(100);
    return switch (standing) {
      case ABSENT -> Command.Kind.install;
      case STOPPED ->
          lot < 75
              ? Command.Kind.start
              : lot < 85 ? Command.Kind.configure : Command.Kind.uninstall;
      case RUNNING ->
          lot < 35
              ? Command.Kind.restart
              : lot < 65
                  ? Command.Kind.configure
                  : lot < 85 ? Command.Kind.stop : Command.Kind.uninstall;
      case UNKNOWN -> Command.Kind.uninstall;
    };
  }

  private Command command(Command.Kind kind) {
    return switch (kind) {
      case install, configure -> Command.define(kind, witness.definition(host, AGENT, ++setting));
      case start, stop, restart, uninstall -> Command.ofAgent(kind, AGENT);
      case upgrade, exec, upgradeSidecar, configureSidecar ->
          throw new IllegalArgumentException("kind: " + kind + " (expected: a step of a life)");
    };
  }
}
