package io.easyagent.simulator;

import io.easyagent.sidecar.journal.store.FrameWriter;
import io.easyagent.sidecar.journal.store.JournalSettings;
import io.easyagent.sidecar.local.DataLock;
import io.easyagent.sidecar.prepare.HostAccounts;
import io.easyagent.sidecar.session.Backoff;
import io.easyagent.simulator.Invocation.UsageException;
import io.easyagent.simulator.control.Answer;
import io.easyagent.simulator.control.ControlCommand;
import io.easyagent.simulator.host.SharedParts;
import io.easyagent.simulator.host.SimulatedProgram;
import io.easyagent.simulator.host.Witness;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Logger;

/** The program. Exit status 0 done, 1 failed, 2 wrong usage. */
public final class SimulatorMain {
  /** Beside the connections, of which each host has one. */
  private static final int MOST_OPEN_JOURNALS = 512;

  private static final Duration TICK = Duration.ofMillis(200);
  private static final int TICKS_PER_PROGRESS = 5;

  private final PrintStream out;
  private final InputStream in;
  private final CountDownLatch stopped = new CountDownLatch(1);

  SimulatorMain(PrintStream out, InputStream in) {
    this.out = out;
    this.in = in;
  }

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    int status;
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(Invocation.USAGE);
      status = 0;
    } else {
      try {
        status = new SimulatorMain(System.out, System.in).run(Invocation.parse(words));
      } catch (UsageException wrong) {
        System.err.println("sim: " + wrong.getMessage());
        System.err.print(Invocation.USAGE);
        status = 2;
      } catch (IOException failure) {
        System.err.println("sim: " + failure.getMessage());
        status = 1;
      }
    }
    System.exit(status);
  }

  int run(Invocation invocation) throws IOException {
    Logger root = Logger.getLogger("");
    root.setLevel(invocation.logLevel());
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(invocation.logLevel());
    }
    Enrolling enrolling = Enrolling.of(invocation, SystemTime::random);
    try (DataLock lock = DataLock.acquire(invocation.state());
        Witness witness = Witness.open(invocation.state().resolve("witness"));
        ScheduledExecutorService timer = timer();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedParts shared = shared(invocation, witness, timer, threads);
      try (Fleet fleet = new Fleet(invocation, shared, enrolling, threads)) {
        fleet.start(this::print);
        Thread.ofPlatform().daemon().name("commands").start(() -> obey(invocation, fleet, witness));
        watch(invocation, fleet);
        print(Figures.addTo(fleet.addTo(Answer.of("stopping"))));
      } finally {
        timer.shutdownNow();
        threads.shutdownNow();
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
    print(Answer.of("stopped"));
    return 0;
  }

  private static SharedParts shared(
      Invocation invocation,
      Witness witness,
      ScheduledExecutorService timer,
      ExecutorService threads)
      throws IOException {
    return new SharedParts(
        invocation.state(),
        List.of(invocation.server()),
        UUID.randomUUID(),
        threads,
        timer,
        SystemTime.clock(),
        SystemTime::nanoTime,
        SystemTime::random,
        new JournalSettings(
            invocation.journalBytes(),
            Thread.ofVirtual().name("journal").factory(),
            FrameWriter.reopening(MOST_OPEN_JOURNALS)),
        Backoff.USUAL,
        new SimulatedProgram(
            invocation.execTakes(), invocation.outputBytes(), invocation.distinctOutput()),
        witness,
        invocation.agents(),
        new HostAccounts().own());
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("timer").daemon().factory());
    // Deadlines of calls that ended are not kept until they are over.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** Tells how far it is until it is told to stop. */
  private void watch(Invocation invocation, Fleet fleet) throws InterruptedException {
    long started = SystemTime.nanoTime();
    boolean ready = false;
    long readyAt = 0;
    int told = -1;
    for (long tick = 0; !stopped.await(TICK.toMillis(), TimeUnit.MILLISECONDS); tick++) {
      int connected = fleet.connected();
      long now = SystemTime.nanoTime();
      boolean all = connected + fleet.failed() == fleet.size();
      if (!ready && all || tick % TICKS_PER_PROGRESS == 0 && connected != told) {
        print(
            Figures.addTo(
                fleet.addTo(
                    Answer.of(!ready && all ? "ready" : "progress")
                        .with("seconds", (now - started) / 1e9))));
        told = connected;
      }
      if (!ready && all) {
        ready = true;
        readyAt = now;
      }
      if (ready && invocation.runFor().isPresent()) {
        if (now - readyAt > invocation.runFor().get().toNanos()) {
          return;
        }
      }
    }
  }

  private void obey(Invocation invocation, Fleet fleet, Witness witness) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          answer(line, fleet, witness);
        }
      }
    } catch (IOException over) {
      print(Answer.of("error").with("message", "standard input: " + over.getMessage()));
    }
    if (invocation.runFor().isEmpty()) {
      stopped.countDown();
    }
  }

  private void answer(String line, Fleet fleet, Witness witness) {
    try {
      Answer done = Answer.of("done").with("command", line.strip());
      print(
          switch (ControlCommand.parse(line)) {
            case ControlCommand.Status() -> Figures.addTo(fleet.addTo(Answer.of("status")));
            case ControlCommand.Runs(UUID operation) ->
                Answer.of("runs")
                    .with("operation", operation.toString())
                    .with("runs", witness.runs(operation));
            case ControlCommand.Behave(var manner, var hosts) ->
                done.with("hosts", fleet.behave(manner, hosts));
            case ControlCommand.Deliver(var delivery, var hosts) ->
                done.with("hosts", fleet.deliver(delivery, hosts));
            case ControlCommand.Reconnect(var hosts) -> done.with("hosts", fleet.reconnect(hosts));
            case ControlCommand.Skew(long seconds, var hosts) ->
                done.with("hosts", fleet.skew(Duration.ofSeconds(seconds), hosts));
            case ControlCommand.Flood(int events, var hosts) ->
                done.with("hosts", fleet.flood(events, hosts));
            case ControlCommand.Crash(var hosts) -> done.with("hosts", fleet.crash(hosts));
            case ControlCommand.Stop() -> {
              stopped.countDown();
              yield done;
            }
          });
    } catch (IllegalArgumentException wrong) {
      print(Answer.of("error").with("message", String.valueOf(wrong.getMessage())));
    }
  }

  private synchronized void print(Answer answer) {
    out.println(answer.json());
    out.flush();
  }
}
