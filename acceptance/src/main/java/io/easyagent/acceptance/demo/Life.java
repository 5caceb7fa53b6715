package io.easyagent.acceptance.demo;

import static io.easyagent.acceptance.demo.Exporter.Metric.HEAP;
import static io.easyagent.acceptance.demo.Exporter.Metric.THREADS;

import io.easyagent.api.Agent;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The whole life of the agent on one host, step by step. */
final class Life {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Steps steps;
  private final ControlPlane plane;
  private final DemoHost host;
  private final Exporter exporter;
  private final Path jars;
  private final Workplace workplace;
  private final Operator operator;
  private final MetricsPage page;

  /**
   * @param jars folder with the exporter's jars
   */
  Life(
      Steps steps,
      ControlPlane plane,
      DemoHost host,
      Exporter exporter,
      Path jars,
      Workplace workplace) {
    this.steps = steps;
    this.plane = plane;
    this.host = host;
    this.exporter = exporter;
    this.jars = jars;
    this.workplace = workplace;
    operator = plane.operator();
    page = new MetricsPage(exporter.pagePort());
  }

  /** From an empty server to an agent that came and went. */
  void live() {
    steps.step("server up", plane::start);
    steps.step("host enrolled", this::enroll);
    steps.step("package pushed", this::push);
    steps.step("installed", this::install);
    steps.step("configured", this::configure);
    steps.step("started", this::start);
    steps.step("healthy", this::awaitHealth);
    steps.step("metrics page fetched", this::fetchPage);
    steps.step("command executed on the host", this::execute);
    steps.step("agent killed with -9, and back", this::killAgent);
    steps.step("server killed with -9, and restarted", this::killServer);
    steps.step("sidecar killed with -9, and restarted", this::killSidecar);
    steps.step("reconfigured", this::reconfigure);
    steps.step("upgraded", this::upgrade);
    steps.step("stopped", this::stop);
    steps.step("started again", this::start);
    steps.step("uninstalled", this::uninstall);
    steps.step("sidecar's memory", () -> Memory.of(host.sidecar().requirePid()).toString());
  }

  /** For those who want to go on by hand. */
  void liveOn() {
    steps.step("installed and started once more", this::applyAgain);
  }

  private String enroll() throws Exception {
    Host enrolled = host.enroll(plane, List.of("role=demo"));
    return enrolled.name() + " " + enrolled.id() + " is online, labels " + enrolled.labels();
  }

  private String push() throws Exception {
    StringBuilder observed = new StringBuilder();
    for (String version : List.of(Exporter.OLD_VERSION, Exporter.NEW_VERSION)) {
      Path archive = Exporter.archive(plane.program(), jars, version, workplace.folder("packages"));
      observed
          .append(
              operator.type("package", "push", archive.toString(), Exporter.NAME + "@" + version))
          .append('\n');
    }
    return observed.toString();
  }

  private String install() throws Exception {
    operate("install", "-f", define(Exporter.OLD_VERSION, List.of()));
    Agent agent = awaitAgent("installed", each -> each.state() == Agent.State.stopped);
    return "version " + agent.version().orElseThrow() + ", state " + agent.state();
  }

  private String configure() throws Exception {
    operate("configure", "-f", define(Exporter.OLD_VERSION, List.of(HEAP)));
    Agent agent = awaitAgent("configured", each -> !each.drift());
    return "revision " + agent.revision() + " on the host, state " + agent.state();
  }

  private String start() throws Exception {
    operate("start", Exporter.NAME);
    Agent agent = awaitAgent("running", each -> each.state() == Agent.State.running);
    return "pid " + agent.pid().orElseThrow() + ", version " + agent.version().orElseThrow();
  }

  private String awaitHealth() throws Exception {
    Agent agent = awaitAgent("healthy", each -> each.health() == Agent.Health.healthy);
    return "state " + agent.state() + ", health " + agent.health();
  }

  private String fetchPage() throws Exception {
    MetricsPage.Contents contents = page.fetch();
    requireEqual("version", Exporter.OLD_VERSION, contents.requireVersion());
    return page.address()
        + "\n"
        + contents.requireBuildLine()
        + "\n"
        + contents.requireLine(HEAP.title());
  }

  private String execute() throws Exception {
    return operator.type(
        "exec", "--host", host.id(), "--", "sh", "-c", "echo \"hello from $(uname -sr)\"");
  }

  private String killAgent() throws Exception {
    Agent before = agent();
    int pid = before.pid().orElseThrow();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    Agent after =
        awaitAgent(
            "running with another pid",
            each -> each.state() == Agent.State.running && !each.pid().equals(before.pid()));
    awaitHealth();
    return "pid "
        + pid
        + " before, "
        + after.pid().orElseThrow()
        + " after, restarts "
        + after.restarts();
  }

  private String killServer() throws Exception {
    Agent before = agent();
    plane.server().kill();
    MetricsPage.Contents meanwhile = page.fetch();
    String build = meanwhile.requireBuildLine();
    plane.startAgain();
    host.awaitOnline(plane);
    Agent after = awaitAgent("running", each -> each.state() == Agent.State.running);
    requireEqual("pid", before.pid(), after.pid());
    String heap =
        Eventually.awaitValue(
                PATIENCE,
                "the page shows the new server's heap",
                () -> Optional.of(page.fetch()).filter(each -> each.has(HEAP.title())))
            .requireLine(HEAP.title());
    return "meanwhile: " + build + "\nnew server, agent's pid as before: " + heap;
  }

  private String killSidecar() throws Exception {
    Agent before = agent();
    host.sidecar().kill();
    page.fetch().requireBuildLine();
    host.sidecar().start();
    host.awaitOnline(plane);
    Agent after = awaitAgent("running", each -> each.state() == Agent.State.running);
    requireEqual("pid", before.pid(), after.pid());
    return "agent's pid "
        + before.pid().orElseThrow()
        + " before and after, page fetched meanwhile";
  }

  private String reconfigure() throws Exception {
    if (page.fetch().has(THREADS.title())) {
      throw new IllegalStateException(THREADS.title() + " is on the page already");
    }
    operate("configure", "-f", define(Exporter.OLD_VERSION, List.of(HEAP, THREADS)));
    awaitHealth();
    return "new on the page: " + page.fetch().requireLine(THREADS.title());
  }

  private String upgrade() throws Exception {
    operate("upgrade", Exporter.NAME, Exporter.NEW_VERSION);
    awaitHealth();
    MetricsPage.Contents contents = page.fetch();
    requireEqual("version", Exporter.NEW_VERSION, contents.requireVersion());
    return contents.requireBuildLine();
  }

  private String stop() throws Exception {
    int pid = agent().pid().orElseThrow();
    operate("stop", Exporter.NAME);
    Agent agent = awaitAgent("stopped", each -> each.state() == Agent.State.stopped);
    if (Workplace.runs(pid)) {
      throw new IllegalStateException("pid " + pid + " is there (expected: gone)");
    }
    return "state " + agent.state() + ", pid " + pid + " is gone";
  }

  private String uninstall() throws Exception {
    operate("uninstall", Exporter.NAME, "--purge");
    Path folder = host.data().resolve("agents").resolve(Exporter.NAME);
    if (Files.exists(folder)) {
      throw new IllegalStateException(folder + " is there (expected: gone)");
    }
    Set<Long> daemons = Set.of(plane.server().requirePid(), host.sidecar().requirePid());
    List<ProcessHandle> left =
        workplace.processes().stream().filter(each -> !daemons.contains(each.pid())).toList();
    if (!left.isEmpty()) {
      throw new IllegalStateException("processes left: " + Workplace.describe(left));
    }
    return "no process and no file of the agent left";
  }

  private String applyAgain() throws Exception {
    operator.type(
        "apply", "-f", define(Exporter.NEW_VERSION, List.of(HEAP, THREADS)), "--host", host.id());
    return start();
  }

  private void operate(String verb, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("agent", verb));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--host", host.id()));
    operator.type(line.toArray(String[]::new));
  }

  private String define(String version, List<Exporter.Metric> metrics) throws IOException {
    return workplace.file("jmx-exporter.yaml", exporter.definition(version, metrics)).toString();
  }

  private Agent agent() throws Exception {
    return operator.agent(Exporter.NAME, host.id());
  }

  private Agent awaitAgent(String description, Predicate<Agent> condition) {
    return Eventually.awaitValue(
        PATIENCE, "the agent is " + description, () -> Optional.of(agent()).filter(condition));
  }

  private static void requireEqual(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException(what + ": " + actual + " (expected: " + expected + ")");
    }
  }
}
