package io.easyagent.cli.progress;

import io.easyagent.api.Batch;
import io.easyagent.api.Operation;
import io.easyagent.api.Operation.State;
import io.easyagent.api.client.BatchUpdate;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Interrupts;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Waits for a batch and shows how it goes: one live line on a terminal, else a line now and then.
 * Waiting may end early, by its limit or by Ctrl-C; the batch goes on.
 */
public final class BatchWait {
  private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LIVE_LINES = Duration.ofMillis(200);
  private static final Duration LONGEST_LOSS = Duration.ofMinutes(5);

  /** How the waiting ended. */
  public sealed interface Result {
    record Finished(Batch batch) implements Result {}

    /** The limit came first. */
    record Unfinished(Batch batch) implements Result {}
  }

  private final Session session;
  private final EasyAgentClient client;
  private final EndedOperations listener;
  private final Optional<Duration> timeout;
  private final long started;
  private final Set<UUID> told = new HashSet<>();
  private Batch batch;
  private Batch shown;
  private long lastLine;
  private Optional<Long> lostSince = Optional.empty();

  /** Set by the interrupt; the waiting thread may still run for a moment. */
  private volatile boolean detached;

  /**
   * @param batch as it was accepted
   * @param timeout of the waiting; the time counts from now
   */
  public BatchWait(
      Session session,
      EasyAgentClient client,
      Batch batch,
      EndedOperations listener,
      Optional<Duration> timeout) {
    this.session = session;
    this.client = client;
    this.batch = batch;
    this.shown = batch;
    this.listener = listener;
    this.timeout = timeout;
    this.started = session.nanoTime();
    this.lastLine = started;
  }

  public Result await() {
    session.console().note(BatchText.heading(batch, session.zone()));
    try (Interrupts.Scope _ = session.interrupts().during(this::sayDetached);
        Watch<BatchUpdate> watch = client.watchBatch(batch.id().toString())) {
      boolean finished = batch.finished();
      while (!finished) {
        if (timeout.isPresent() && remaining(timeout.get()).isZero()) {
          sayUnfinished();
          return new Result.Unfinished(batch);
        }
        Optional<WatchSignal<BatchUpdate>> signal = watch.poll(patience());
        finished = signal.isPresent() && take(signal.get());
        giveUpWhenLostForLong();
        showProgress();
      }
      batch = client.batch(batch.id().toString());
      tellWhatWasMissed();
      return new Result.Finished(batch);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return new Result.Unfinished(batch);
    } finally {
      session.console().endLive();
    }
  }

  /** True when there is nothing more to wait for. */
  private boolean take(WatchSignal<BatchUpdate> signal) {
    switch (signal) {
      case WatchSignal.Item<BatchUpdate>(BatchUpdate.Progress(Batch now)) -> batch = now;
      case WatchSignal.Item<BatchUpdate>(BatchUpdate.Finished(Operation operation)) ->
          tell(operation);
      case WatchSignal.Lost<BatchUpdate>(String why) -> {
        lostSince = Optional.of(session.nanoTime());
        session
            .console()
            .note(
                Line.of(Tint.warning, "server out of reach").add(" (" + why + "); waiting for it"));
      }
      case WatchSignal.Resumed<BatchUpdate> _ -> {
        lostSince = Optional.empty();
        session.console().note(Line.of(Tint.good, "server is back"));
      }
      case WatchSignal.Ended<BatchUpdate> _ -> {
        return true;
      }
      case WatchSignal.Failed<BatchUpdate>(ClientException why) -> throw why;
    }
    return false;
  }

  private void tell(Operation operation) {
    if (told.add(operation.id())) {
      listener.ended(operation);
    }
  }

  /** A stream that broke may have left something out; the list does not. */
  private void tellWhatWasMissed() {
    if (told.size() >= batch.total()) {
      return;
    }
    for (State state : State.values()) {
      boolean wanted = state.finished() && (listener.wantsAll() || state != State.succeeded);
      if (wanted && BatchText.count(batch, state) > 0) {
        client.operationsOf(batch.id().toString(), Optional.of(state)).forEach(this::tell);
      }
    }
  }

  private Duration patience() {
    Duration step = session.console().terminal().error() ? BETWEEN_LIVE_LINES : BETWEEN_PLAIN_LINES;
    Duration left = timeout.map(this::remaining).orElse(step);
    return left.compareTo(step) < 0 ? left : step;
  }

  private Duration remaining(Duration limit) {
    Duration left = limit.minusNanos(session.nanoTime() - started);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void giveUpWhenLostForLong() {
    if (lostSince.isPresent() && session.nanoTime() - lostSince.get() > LONGEST_LOSS.toNanos()) {
      sayUnfinished();
      throw new ConnectionException(
          ConnectionException.Reason.unreachable,
          "the server has been out of reach for " + LONGEST_LOSS.toMinutes() + " minutes",
          new IOException("gave up"));
    }
  }

  private void showProgress() {
    if (detached) {
      return;
    }
    if (session.console().terminal().error()) {
      session.console().live(BatchText.progress(batch, session.now(), session.zone()));
      return;
    }
    long now = session.nanoTime();
    if (now - lastLine >= BETWEEN_PLAIN_LINES.toNanos() && !batch.equals(shown)) {
      session.console().note(BatchText.progress(batch, session.now(), session.zone()));
      lastLine = now;
      shown = batch;
    }
  }

  private void sayDetached() {
    detached = true;
    session.console().endLive();
    session.console().note("");
    sayHowToGoOn("detached; the batch goes on");
  }

  private void sayUnfinished() {
    session.console().endLive();
    sayHowToGoOn("not finished yet; the batch goes on");
  }

  private void sayHowToGoOn(String what) {
    session.console().note(what);
    session.console().note("  watch:  easyagent batch watch " + batch.id());
    session.console().note("  cancel: easyagent batch cancel " + batch.id());
  }

  /** The exit status that says how it ended. */
  public static int exitStatus(Result result) {
    return switch (result) {
      case Result.Unfinished _ -> ExitStatus.UNFINISHED;
      case Result.Finished(Batch batch) ->
          BatchText.succeeded(batch) ? ExitStatus.DONE : ExitStatus.FAILED;
    };
  }
}
