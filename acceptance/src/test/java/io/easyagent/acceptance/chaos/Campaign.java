package io.easyagent.acceptance.chaos;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Targets;
import io.easyagent.testkit.Eventually;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One campaign: faults by a plan while operations run, then quiet until all has ended, then the
 * checker's verdict.
 */
final class Campaign implements AutoCloseable {
  private static final String STEADY = "steady";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int REST_MILLIS = 150;

  private final Settings settings;
  private final Plan plan;
  private final Predicate<List<Violation>> enough;
  private final PrintStream out;
  private final Time time = new Time();
  private final Ledger ledger = new Ledger();
  private final Witness witness;
  private final Site site;
  private final Operator operator;
  private final Strikes strikes;
  private final Watchman watchman;
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Path folder;
  private volatile boolean ending;

  /** Enough was found: what has not ended, is not waited for. */
  private volatile boolean cutShort;

  /**
   * @param enough of violations, so that the campaign ends early
   * @param out where it says how far it is
   */
  Campaign(Settings settings, Programs programs, Predicate<List<Violation>> enough, PrintStream out)
      throws Exception {
    this.settings = settings;
    this.enough = enough;
    this.out = out;
    plan =
        Plan.of(
            settings.seed(), settings.hosts(), settings.faults(), settings.gap(), settings.kinds());
    folder = Files.createDirectories(settings.folder());
    witness = new Witness(folder.resolve("witness"));
    site = new Site(folder, settings.hosts(), programs);
    operator = new Operator(site.client(), witness, ledger, time);
    strikes = new Strikes(site, operator, ledger, time, folder.resolve("vault"));
    watchman = new Watchman(witness, time, site.names(), List.of(STEADY, Leading.AGENT));
    try {
      for (String host : site.names()) {
        undisturbed(
            host, Command.define(Command.Kind.install, witness.definition(host, STEADY, 1)));
        undisturbed(host, Command.ofAgent(Command.Kind.start, STEADY));
      }
    } catch (Exception | Error failure) {
      close();
      throw failure;
    }
  }

  /** What came of it. */
  record Outcome(History history, List<Violation> violations, Duration lasted, long refusals) {}

  private void undisturbed(String host, Command command) {
    Batch batch =
        site.client()
            .submit(
                new BatchRequest(
                    command,
                    new Targets(Optional.of(List.of(host)), Optional.empty(), Optional.empty()),
                    Optional.empty(),
                    Optional.empty()));
    Eventually.await(
        PATIENCE,
        command.kind() + " on " + host + " ends",
        () -> site.client().batch(batch.id().toString()).finished());
  }

  Outcome run() throws Exception {
    List<Thread> workers = startWorkers();
    Thread watching = Thread.ofVirtual().start(this::watch);
    Duration begun = time.now();
    List<Thread> striking = strikeByPlan();
    Duration lasted = time.now().minus(begun);
    for (Thread strike : striking) {
      strike.join();
    }
    ending = true;
    if (cutShort) {
      release(workers);
    } else {
      settle(workers);
    }
    watching.join();
    History history = history(!cutShort);
    List<Violation> violations = new ArrayList<>(Checker.violations(history));
    if (!failures.isEmpty()) {
      AssertionError broken = new AssertionError("the campaign itself failed");
      failures.forEach(broken::addSuppressed);
      throw broken;
    }
    return new Outcome(history, violations, lasted, ledger.refusals());
  }

  private List<Thread> startWorkers() {
    SplittableRandom seeds = new SplittableRandom(settings.seed() + 1);
    List<Thread> workers = new ArrayList<>();
    for (String host : site.names()) {
      RandomGenerator random = seeds.split();
      workers.add(start(random, new Leading(operator, witness, ledger, time, random, host)));
      RandomGenerator another = seeds.split();
      workers.add(start(another, new Executing(operator, witness, time, another, List.of(host))));
    }
    RandomGenerator random = seeds.split();
    workers.add(start(random, new Executing(operator, witness, time, random, site.names())));
    return workers;
  }

  private Thread start(RandomGenerator random, Work work) {
    return Thread.ofVirtual()
        .start(() -> {
          while (!ending) {
            try {
              work.once();
              time.pass(Duration.ofMillis(random.nextInt(REST_MILLIS)));
            } catch (Exception | Error failure) {
              if (!ending) {
                failures.add(failure);
              }
              return;
            }
          }
        });
  }

  private List<Thread> strikeByPlan() {
    List<Thread> striking = new ArrayList<>();
    int number = 0;
    for (Plan.Step step : plan.steps()) {
      if (ending) {
        break;
      }
      time.pass(step.gap());
      int own = number++;
      striking.removeIf(thread -> !thread.isAlive());
      striking.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  strikes.strike(own, step.fault());
                } catch (Exception | Error failure) {
                  failures.add(failure);
                  ending = true;
                }
              }));
    }
    return striking;
  }

  /** Looks after agents and promises until the campaign ends. */
  private void watch() {
    Progress progress = new Progress(out, settings, time);
    while (!ending) {
      time.pass(LOOK_EVERY);
      try {
        watchman.look();
        if (progress.isDue()) {
          History history = history(false);
          List<Violation> violations = Checker.violations(history);
          progress.tell(history, violations);
          cutShort = enough.test(violations);
          ending |= cutShort || !failures.isEmpty();
        }
      } catch (RuntimeException | Error failure) {
        failures.add(failure);
        ending = true;
      }
    }
  }

  /** Until all that was accepted has ended, for as long as may be expected; then asks once more. */
  private void settle(List<Thread> workers) throws InterruptedException {
    Duration end = time.now().plus(PATIENCE);
    for (Thread worker : workers) {
      worker.join(Duration.ofMillis(Math.max(1, end.minus(time.now()).toMillis())));
    }
    release(workers);
    Map<UUID, List<String>> batches = new LinkedHashMap<>();
    for (Order order : ledger.orders()) {
      batches.computeIfAbsent(order.batch(), batch -> new ArrayList<>()).add(order.host());
    }
    batches.forEach((batch, hosts) ->
        Eventually.await(PATIENCE, "an answer about " + batch, () -> operator.hear(batch, hosts)));
    watchman.look();
  }

  private void release(List<Thread> workers) throws InterruptedException {
    operator.giveUp();
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private History history(boolean settled) {
    // Orders first: what they did is then in the witnesses' words.
    List<Order> orders = ledger.orders();
    List<Strike> struck = strikes.struck();
    Map<String, List<Testimony>> witnesses =
        site.names().stream()
            .collect(
                Collectors.toMap(host -> host, witness::of, (one, other) -> one, TreeMap::new));
    return new History(
        orders,
        struck,
        ledger.restorations(),
        witnesses,
        watchman.missing(),
        STEADY,
        settled,
        time.now());
  }

  /** Keeps what the programs had on their disks, to be looked into. */
  void keep() throws Exception {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    Shell.run("cp", "-a", site.server().data().toString(), kept.resolve("server").toString());
    for (Site.HostPart host : site.hosts()) {
      Shell.run("cp", "-a", host.part().data().toString(), kept.resolve(host.name()).toString());
    }
  }

  /** Takes everything down, the agents too, whatever became of them. */
  @Override
  public void close() throws Exception {
    try {
      site.close();
    } finally {
      for (String host : site.names()) {
        witness.of(host).stream()
            .filter(line -> line.word() == Testimony.Word.started)
            .forEach(line -> end(line.pid()));
      }
    }
  }

  /** An agent that still runs, and its keeper. */
  private void end(long pid) {
    ProcessHandle.of(pid)
        .filter(agent -> agent.info().commandLine().orElse("").contains(folder.toString()))
        .ifPresent(agent -> {
          Optional<ProcessHandle> keeper = agent.parent();
          agent.descendants().forEach(ProcessHandle::destroyForcibly);
          agent.destroyForcibly();
          keeper
              .filter(each -> each.info().commandLine().orElse("").endsWith("sleep infinity"))
              .ifPresent(ProcessHandle::destroyForcibly);
        });
  }
}
