package io.easyagent.benchmarks.sidecar;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Machine;
import io.easyagent.benchmarks.measure.Percentiles;
import io.easyagent.benchmarks.measure.ProcessUsage;
import io.easyagent.benchmarks.measure.ServerUnderTest;
import io.easyagent.benchmarks.measure.SystemTime;
import io.easyagent.benchmarks.measure.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Both supervisors with one number of agents, step by step in the order of {@link #measure}. For
 * one thread.
 */
final class SidecarRun {
  private static final String WRITER = SupervisordUnderTest.WRITER;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final double MINUTE = 60;

  private final Settings settings;
  private final int agents;
  private final RunFolder folder;
  private final Consumer<String> progress;
  private final ServerUnderTest server;
  private final SidecarUnderTest sidecar;
  private final SupervisordUnderTest supervisord;
  private final AgentProgram program;
  private final List<Path> sidecarAgents = new ArrayList<>();
  private final List<Path> supervisordAgents = new ArrayList<>();
  private final Map<Figure, Double> ofSidecar = new EnumMap<>(Figure.class);
  private final Map<Figure, Double> ofSupervisord = new EnumMap<>(Figure.class);

  /**
   * @param folder new; whatever is started here is ended by clearing it
   * @param progress told what is being done
   */
  SidecarRun(Settings settings, int agents, RunFolder folder, Consumer<String> progress)
      throws IOException, InterruptedException, BenchException {
    this.settings = settings;
    this.agents = agents;
    this.folder = folder;
    this.progress = progress;
    this.server =
        new ServerUnderTest(
            settings.easyagent(), folder.serverData(), folder.path().resolve("server.log"), "");
    this.sidecar = new SidecarUnderTest(settings.sidecar(), folder);
    this.supervisord = new SupervisordUnderTest(folder);
    this.program = AgentProgram.in(folder.path(), settings);
  }

  Figures measure() throws Exception {
    double before = Machine.load();
    progress.accept("starting server, sidecar and supervisord");
    server.launchFirst();
    try (EasyAgentClient client = server.client()) {
      Operator operator = new Operator(client);
      enroll(operator);
      launchAgents(operator);
      starts();
      idle();
      crashes();
      memory(Figure.RSS_WORKED_BYTES, Figure.PRIVATE_DIRTY_WORKED_BYTES);
      logs(operator);
    }
    Distribution.sizes(settings, ofSidecar, ofSupervisord);
    return soFar(before);
  }

  /** What was measured until something failed: it may say why. */
  Figures soFar(double loadBefore) throws IOException {
    return new Figures(
        agents, new Figures.Load(loadBefore, Machine.load()), ofSidecar, ofSupervisord);
  }

  private void enroll(Operator operator) throws Exception {
    EnrollToken token = operator.createToken();
    Path file =
        Files.writeString(folder.path().resolve("token"), token.token().orElseThrow() + "\n");
    sidecar.enroll(server.hostAddress(), token.fingerprint(), file);
    double unused = sidecar.start();
    operator.awaitOnline();
  }

  private void launchAgents(Operator operator) throws Exception {
    progress.accept("installing and starting the agents");
    List<String> definitions = new ArrayList<>();
    for (int number = 1; number <= agents; number++) {
      String name = AgentProgram.name(number);
      Path ours = program.witness("sidecar-" + name);
      definitions.add(Operator.definition(name, program.user(), program.idling(ours)));
      sidecarAgents.add(ours);
      Path theirs = program.witness("supervisord-" + name);
      supervisord.keep(name, program.user(), program.idling(theirs));
      supervisordAgents.add(theirs);
    }
    supervisord.offer(WRITER, program.user(), writing("supervisord"));
    supervisord.launch();
    operator.run(definitions);
    for (Path witness : supervisordAgents) {
      Waiting.until(
          "an agent of supervisord; see " + witness,
          PATIENCE,
          LOOK,
          () -> !Witness.of(witness).starts().isEmpty());
    }
  }

  private List<String> writing(String supervisor) throws IOException {
    return program.writing(program.witness(supervisor + "-" + WRITER), settings.writing());
  }

  private void starts() throws Exception {
    progress.accept("starting the sidecar again, " + settings.starts() + " times");
    double[] millis = new double[settings.starts()];
    for (int at = 0; at < millis.length; at++) {
      sidecar.stop();
      millis[at] = sidecar.start();
    }
    ofSidecar.put(Figure.START_TO_CONNECTED_MS, Percentiles.of(millis).median());
  }

  private void idle() throws Exception {
    progress.accept(
        "watching both do nothing for %d s, after %d s"
            .formatted(settings.idle().toSeconds(), settings.settle().toSeconds()));
    // Pages of a file that was just written count as dirty, of whoever maps them.
    String unused = Programs.output(List.of("sync"));
    SystemTime.pause(settings.settle());
    double sidecarBefore = cpuSeconds(sidecar.requirePid());
    double supervisordBefore = cpuSeconds(supervisord.requirePid());
    long began = SystemTime.nanos();
    SystemTime.pause(settings.idle());
    double minutes = SystemTime.secondsSince(began) / MINUTE;
    ofSidecar.put(
        Figure.CPU_SECONDS_PER_MINUTE,
        (cpuSeconds(sidecar.requirePid()) - sidecarBefore) / minutes);
    ofSupervisord.put(
        Figure.CPU_SECONDS_PER_MINUTE,
        (cpuSeconds(supervisord.requirePid()) - supervisordBefore) / minutes);
    memory(Figure.RSS_BYTES, Figure.PRIVATE_DIRTY_BYTES);
    ofSidecar.put(Figure.PSS_BYTES, (double) Memory.of(sidecar.requirePid()).proportionalBytes());
    ofSupervisord.put(
        Figure.PSS_BYTES, (double) Memory.of(supervisord.requirePid()).proportionalBytes());
    keepers();
  }

  private static double cpuSeconds(long pid) throws IOException {
    return ProcessUsage.of(pid).cpuSeconds();
  }

  private void memory(Figure resident, Figure privateDirty) throws IOException, BenchException {
    put(ofSidecar, Memory.of(sidecar.requirePid()), resident, privateDirty);
    put(ofSupervisord, Memory.of(supervisord.requirePid()), resident, privateDirty);
  }

  private static void put(
      Map<Figure, Double> figures, Memory memory, Figure resident, Figure privateDirty) {
    figures.put(resident, (double) memory.residentBytes());
    figures.put(privateDirty, (double) memory.privateDirtyBytes());
  }

  /** Each agent's parent; supervisord has none, its agents are its own children. */
  private void keepers() throws IOException, BenchException {
    Memory keepers = Memory.NONE;
    for (Path witness : sidecarAgents) {
      Witness life = Witness.of(witness);
      if (life.starts().size() != 1) {
        throw new BenchException(
            "%s: %d starts (expected: 1, that the sidecar's own starts have left alone)"
                .formatted(witness, life.starts().size()));
      }
      ProcessHandle keeper =
          ProcessHandle.of(life.starts().getFirst().pid())
              .flatMap(ProcessHandle::parent)
              .orElseThrow(() -> new BenchException("an agent ended by itself; see " + witness));
      keepers = keepers.plus(Memory.of(keeper.pid()));
    }
    put(ofSidecar, keepers, Figure.KEEPERS_RSS_BYTES, Figure.KEEPERS_PRIVATE_DIRTY_BYTES);
    ofSidecar.put(Figure.KEEPERS_PSS_BYTES, (double) keepers.proportionalBytes());
  }

  private void crashes() throws Exception {
    progress.accept("killing " + settings.kills() + " agents of each");
    Crashes.Measured measured = Crashes.measure(settings.kills(), sidecarAgents, supervisordAgents);
    put(ofSidecar, measured.sidecar());
    put(ofSupervisord, measured.supervisord());
  }

  private static void put(Map<Figure, Double> figures, Percentiles millis) {
    figures.put(Figure.CRASH_TO_RUNNING_MS_MEDIAN, millis.median());
    figures.put(Figure.CRASH_TO_RUNNING_MS_MAX, millis.at(100));
  }

  /** One after the other: they would share the disk. */
  private void logs(Operator operator) throws Exception {
    progress.accept("writing into the log of each for " + settings.writing().toSeconds() + " s");
    double before = cpuSeconds(supervisord.requirePid());
    supervisord.start(WRITER);
    put(ofSupervisord, awaitWritten("supervisord"), supervisord.requirePid(), before);
    supervisord.stop(WRITER);
    operator.install(List.of(Operator.definition(WRITER, program.user(), writing("sidecar"))));
    before = cpuSeconds(sidecar.requirePid());
    operator.start(WRITER);
    put(ofSidecar, awaitWritten("sidecar"), sidecar.requirePid(), before);
    operator.stop(WRITER);
  }

  private Witness.Written awaitWritten(String supervisor) throws Exception {
    Path witness = folder.path().resolve(supervisor + "-" + WRITER + ".witness");
    Waiting.until(
        "all written; see " + witness,
        PATIENCE,
        LOOK,
        () -> Witness.of(witness).written().isPresent());
    return Witness.of(witness).written().orElseThrow();
  }

  private static void put(
      Map<Figure, Double> figures, Witness.Written written, long pid, double cpuBefore)
      throws IOException {
    figures.put(Figure.LOG_MEGABYTES_PER_SECOND, written.megabytesPerSecond());
    figures.put(Figure.LOG_CPU_PERCENT, (cpuSeconds(pid) - cpuBefore) / written.seconds() * 100);
  }
}
