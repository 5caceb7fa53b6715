package io.easyagent.benchmarks.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.easyagent.api.Batch;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Page;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.Paged;
import io.easyagent.benchmarks.fleet.Ledger.Verdict;
import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Https;
import io.easyagent.benchmarks.measure.Machine;
import io.easyagent.benchmarks.measure.Percentiles;
import io.easyagent.benchmarks.measure.ServerUnderTest;
import io.easyagent.benchmarks.measure.SystemTime;
import io.easyagent.benchmarks.measure.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One fleet, from the server's start to its kill, step by step in the order of {@link #measure}.
 * For one thread.
 */
final class FleetRun implements AutoCloseable {
  private static final List<String> ROLES = List.of("web", "db", "queue", "batch");
  private static final String SITE = "bench";
  private static final int STARTS = 5;
  private static final int PAGE = 100;
  private static final int PAGES = 300;
  private static final int OUTPUT_BYTES = 1_024;
  private static final int ROUNDS = 10;
  private static final int FLOOD = 200_000;
  private static final int MOST_FLOOD_OF_A_HOST = 200;
  private static final int SUBMITTED_TO = 200;
  private static final Duration CONNECT_PATIENCE = Duration.ofMinutes(5);
  private static final Duration CONNECT_PATIENCE_EACH = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration FLOOD_PATIENCE = Duration.ofMinutes(20);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration REST = Duration.ofSeconds(2);

  private final Settings settings;
  private final int hosts;
  private final Path folder;
  private final ServerUnderTest server;
  private final Consumer<String> progress;
  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
  private final Ledger ledger = new Ledger();
  private Optional<SimulatedFleet> simulator = Optional.empty();

  /**
   * @param folder made anew
   * @param progress told what is being done
   */
  FleetRun(Settings settings, Path easyagent, int hosts, Path folder, Consumer<String> progress)
      throws IOException {
    this.settings = settings;
    this.hosts = hosts;
    this.folder = folder;
    this.progress = progress;
    this.server =
        new ServerUnderTest(
            easyagent,
            folder.resolve("server"),
            folder.resolve("server.log"),
            settings
                .profile()
                .map(file ->
                    "-XX:StartFlightRecording=settings=profile,jdk.CPUTimeSample#enabled=true,"
                        + "jdk.CPUTimeSample#throttle=500/s,+jdbi.statement#enabled=false,name=bench -Xlog:jfr*=off")
                .orElse(""));
  }

  Figures measure(FilledStore store) throws Exception {
    double before = Machine.load();
    progress.accept("starting the server");
    store.copyTo(server.data());
    starts();
    try (EasyAgentClient client = server.client();
        Https https = server.https()) {
      connect(client);
      pages(client);
      idle(https);
      progress.accept("exec on all hosts");
      new Fanouts(client, ledger, this::load, OUTPUT_BYTES)
          .measure(settings.fanouts(), figures::put);
      singleEvents();
      flood();
      SystemTime.pause(REST);
      put(Figure.SERVER_RSS_LOADED_BYTES, server.usage().residentBytes());
      record("");
      killed(client, https);
      judge(client);
    }
    server.usage();
    put(Figure.SERVER_RSS_PEAK_BYTES, server.peakBytes());
    return soFar(before);
  }

  /** What was measured until something failed: it may say why. */
  Figures soFar(double loadBefore) throws IOException {
    return new Figures(hosts, new Figures.Load(loadBefore, Machine.load()), figures);
  }

  private void put(Figure figure, double value) {
    figures.put(figure, value);
  }

  private Load load() throws IOException, BenchException {
    return Load.begin(server, simulator);
  }

  private SimulatedFleet fleet() {
    return simulator.orElseThrow();
  }

  private void starts() throws Exception {
    double[] millis = new double[STARTS];
    for (int at = 0; at < STARTS; at++) {
      server.stop();
      millis[at] = server.start();
    }
    put(Figure.SERVER_START_MS, Percentiles.of(millis).median());
    put(Figure.STORE_BYTES, FilledStore.bytes(server.data()));
  }

  private void connect(EasyAgentClient client) throws Exception {
    progress.accept("enrolling and connecting " + hosts + " hosts");
    StringBuilder tokens = new StringBuilder();
    String fingerprint = "";
    for (String role : ROLES) {
      EnrollToken token =
          client.createEnrollToken(
              new EnrollTokenRequest(
                  Optional.of(Map.of("role", role, "site", SITE)),
                  Optional.of(hosts),
                  Optional.of("24h"),
                  Optional.empty()));
      tokens.append(token.token().orElseThrow()).append('\n');
      fingerprint = token.fingerprint();
    }
    Path file = Files.writeString(folder.resolve("tokens"), tokens);
    Load load = load();
    simulator =
        Optional.of(
            SimulatedFleet.start(
                settings.simulator(),
                List.of(
                    "--hosts",
                    Integer.toString(hosts),
                    "--server",
                    server.hostAddress(),
                    "--state",
                    folder.resolve("hosts").toString(),
                    "--fingerprint",
                    fingerprint,
                    "--token-file",
                    file.toString(),
                    "--output-bytes",
                    Integer.toString(OUTPUT_BYTES)),
                folder.resolve("simulator.log")));
    JsonNode ready =
        fleet().awaitReady(CONNECT_PATIENCE.plus(CONNECT_PATIENCE_EACH.multipliedBy(hosts)));
    put(Figure.CONNECT_SECONDS, ready.path("seconds").asDouble());
    put(Figure.CONNECT_SERVER_CPU_SECONDS, load.server());
    put(Figure.CONNECT_SIMULATOR_CPU_SECONDS, fleet().usage().cpuSeconds());
  }

  /** Lists are walked to their end and begun again, as many people do at different places. */
  private void pages(EasyAgentClient client) throws Exception {
    progress.accept("asking for pages");
    Optional<String> selector = Optional.of("role=" + ROLES.getFirst());
    Paged<?> ofHosts = client.hosts(new HostQuery(selector, Optional.empty()));
    Paged<?> ofAgents = client.agents(new AgentQuery(selector, Optional.empty(), Optional.empty()));
    walk(ofHosts, PAGE);
    walk(ofAgents, PAGE);
    Load load = load();
    Percentiles hostPages = walk(ofHosts, PAGES);
    Percentiles agentPages = walk(ofAgents, PAGES);
    put(Figure.PAGE_CPU_MILLIS, load.server() / (2 * PAGES) * 1_000);
    put(Figure.HOST_PAGE_P99_MS, hostPages.at(99));
    put(Figure.HOST_PAGE_P50_MS, hostPages.median());
    put(Figure.AGENT_PAGE_P99_MS, agentPages.at(99));
    put(Figure.AGENT_PAGE_P50_MS, agentPages.median());
  }

  private static Percentiles walk(Paged<?> list, int pages) throws BenchException {
    double[] millis = new double[pages];
    Optional<String> cursor = Optional.empty();
    for (int at = 0; at < pages; at++) {
      long asked = SystemTime.nanos();
      Page<?> page = list.page(PAGE, cursor);
      millis[at] = SystemTime.secondsSince(asked) * 1_000;
      if (page.items().isEmpty()) {
        throw new BenchException("a page: empty (expected: hosts or agents)");
      }
      cursor = page.next();
    }
    return Percentiles.of(millis);
  }

  private void idle(Https https) throws Exception {
    progress.accept("watching the idle fleet for " + settings.idle().toSeconds() + " s");
    SystemTime.pause(REST);
    Load load = load();
    SystemTime.pause(settings.idle());
    put(Figure.IDLE_CPU_PERCENT, load.server() / load.seconds() * 100);
    put(Figure.IDLE_SIMULATOR_CPU_PERCENT, load.simulator() / load.seconds() * 100);
    // Before the collection, which gives memory back that an idle server would keep.
    put(Figure.SERVER_RSS_BYTES, server.usage().residentBytes());
    VirtualMachine.collectGarbage(server.requirePid());
    put(
        Figure.SERVER_HEAP_BYTES,
        server.meters(https).sum("jvm_memory_used_bytes", "area=\"heap\""));
  }

  /** Every host has one event at a time to tell: each is a report of its own. */
  private void singleEvents() throws Exception {
    progress.accept("reporting events");
    Load load = load();
    for (int round = 0; round < ROUNDS; round++) {
      report(1);
    }
    put(Figure.REPORT_EVENT_CPU_MICROS, load.server() / ((double) ROUNDS * hosts) * 1e6);
  }

  private void flood() throws Exception {
    int each = Math.clamp(FLOOD / hosts, 1, MOST_FLOOD_OF_A_HOST);
    double events = (double) each * hosts;
    Load load = load();
    report(each);
    put(Figure.EVENTS_PER_SECOND, events / load.seconds());
    put(Figure.REPORT_BATCHED_EVENT_CPU_MICROS, load.server() / events * 1e6);
  }

  private void report(int each) throws Exception {
    long expected = fleet().status().path("flooded").asLong() + (long) each * hosts;
    fleet().command("flood " + each + " all");
    Waiting.until(
        "all events stored",
        FLOOD_PATIENCE,
        LOOK,
        () -> {
          JsonNode status = fleet().status();
          return status.path("flooded").asLong() == expected
              && status.path("events_waiting").asLong() == 0;
        });
  }

  /** The recording, while the process is there to write it. */
  private void record(String suffix) throws Exception {
    if (settings.profile().isPresent()) {
      Path file = settings.profile().get();
      VirtualMachine.dumpRecording(
          server.requirePid(), file.resolveSibling(file.getFileName() + suffix));
    }
  }

  private void killed(EasyAgentClient client, Https https) throws Exception {
    progress.accept("killing the server with operations in flight");
    Submitting submitting = new Submitting(client, ledger);
    AtomicBoolean stop = new AtomicBoolean();
    List<String> some =
        client
            .hosts(new HostQuery(Optional.of("site=" + SITE), Optional.empty()))
            .page(SUBMITTED_TO, Optional.empty())
            .items()
            .stream()
            .map(Host::name)
            .toList();
    Batch slow = submitting.toAll("/bin/sleep", "3");
    Thread others = Thread.ofVirtual().start(() -> submitting.oneByOne(some, stop));
    long[] inFlight = new long[1];
    Waiting.until(
        "a third of the operations in flight",
        PATIENCE,
        Duration.ofMillis(20),
        () -> {
          Batch now = client.batch(slow.id().toString());
          inFlight[0] =
              now.counts().getOrDefault(Operation.State.sent, 0L)
                  + now.counts().getOrDefault(Operation.State.running, 0L);
          return inFlight[0] >= hosts / 3 || now.finished();
        });
    put(Figure.OPERATIONS_IN_FLIGHT, inFlight[0]);
    server.usage();
    server.kill();
    stop.set(true);
    double simulatorBefore = fleet().usage().cpuSeconds();
    long killed = SystemTime.nanos();
    server.launch();
    awaitBack(https);
    put(Figure.RECONNECT_SECONDS, SystemTime.secondsSince(killed));
    put(Figure.RECONNECT_SERVER_CPU_SECONDS, server.usage().cpuSeconds());
    put(Figure.RECONNECT_SIMULATOR_CPU_SECONDS, fleet().usage().cpuSeconds() - simulatorBefore);
    record(".reconnect");
    others.join();
    for (Batch batch : ledger.batches()) {
      submitting.awaitEnd(batch);
    }
  }

  /** Both sides must say so: either one alone may not have seen yet that the other is gone. */
  private void awaitBack(Https https) throws Exception {
    Waiting.until(
        "all hosts back",
        PATIENCE,
        LOOK,
        () -> {
          try {
            return server.meters(https).sum("easyagent_hosts", "status=\"online\"") == hosts
                && fleet().status().path("connected").asInt() == hosts;
          } catch (IOException notYet) {
            server.requirePid();
            return false;
          }
        });
  }

  private void judge(EasyAgentClient client) throws Exception {
    progress.accept("holding what was accepted against the witness");
    Map<UUID, List<Operation>> told = new HashMap<>();
    for (Batch batch : ledger.batches()) {
      List<Operation> operations = new ArrayList<>();
      try {
        client.operationsOf(batch.id().toString(), Optional.empty()).forEach(operations::add);
      } catch (ClientException unknown) {
        progress.accept("batch " + batch.id() + ": " + unknown.getMessage());
      }
      told.put(batch.id(), operations);
    }
    Verdict verdict;
    try (Stream<String> lines = Files.lines(folder.resolve("hosts").resolve("witness"))) {
      verdict = Verdict.of(ledger.batches(), told, Ledger.runs(lines));
    }
    put(Figure.OPERATIONS_ACCEPTED, ledger.operations());
    put(Figure.OPERATIONS_LOST, verdict.lost());
    put(Figure.OPERATIONS_RUN_TWICE, verdict.runTwice());
    put(Figure.OPERATIONS_INTERRUPTED, verdict.interrupted());
  }

  /** Without waiting: for the end of this program. */
  void abandon() {
    simulator.ifPresent(SimulatedFleet::abandon);
    server.abandon();
  }

  @Override
  public void close() throws InterruptedException {
    if (simulator.isPresent()) {
      fleet().close();
    }
    server.kill();
  }
}
