package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.AgentReport;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.OperationResult;
import io.easyagent.protocol.ProcessState;
import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.session.Enrolment;
import io.easyagent.sidecar.session.FakeServer;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, with real agents, against a scripted server. */
class SidecarProcessIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final AgentId AGENT = new AgentId(new UUID(3, 3));

  @TempDir Path folder;

  private Path data;
  private FakeServer server;
  private Process sidecar;

  @BeforeEach
  void start() throws Exception {
    data = folder.resolve("data");
    TestAuthority authority = new TestAuthority("fleet");
    server = new FakeServer(authority);
    Files.createDirectory(data);
    new IdentityFolder(data)
        .create(
            Enrolment.enrol(
                server.address(), authority.fingerprint(), "token", new Metrics().facts("2.0.0")));
    sidecar = launch();
    awaitSession(1);
  }

  @AfterEach
  void stop() throws Exception {
    sidecar.destroyForcibly().waitFor();
    server.close();
  }

  @Test
  void anAgentKeepsItsProcessThroughKillAndStopOfTheSidecar() throws Exception {
    command(1, new Command.Install(AGENT, definition(), 1, true));
    assertEquals(OperationResult.Outcome.SUCCEEDED, result(1).getOutcome(), this::log);
    int pid = runningPid();

    sidecar.destroyForcibly().waitFor();
    assertTrue(isAlive(pid), "the agent outlives kill -9 of the sidecar");
    sidecar = launch();
    awaitSession(2);
    AgentReport held = server.inventories.getLast().getAgents(0);
    assertEquals(definition().name(), held.getDefinition().getName());
    Eventually.await(SOON, "adopted", () -> StatusSocket.ask(data).contains(" " + pid));

    sidecar.destroy();
    assertTrue(sidecar.waitFor(30, TimeUnit.SECONDS));
    assertTrue(log().contains("agents are left running"), this::log);
    assertTrue(isAlive(pid), "the agent outlives the end of the sidecar");
    sidecar = launch();
    awaitSession(3);

    command(2, new Command.Uninstall(AGENT, true));
    assertEquals(OperationResult.Outcome.SUCCEEDED, result(2).getOutcome(), this::log);
    assertTrue(!isAlive(pid), "nothing is left of it");
    assertTrue(Files.notExists(data.resolve("agents/sleeper")), "nor of its files");
  }

  @Test
  void aKilledSidecarAdoptsFiftyAgentsBeforeItsSession() throws Exception {
    for (int number = 1; number <= 50; number++) {
      runTenAtOnce(number, new Command.Install(agent(number), definition("a" + number), 1, true));
    }
    // A report does not wait for the result that it belongs to, nor the result for the report.
    Map<ByteString, Integer> pids =
        Eventually.awaitValue(
            SOON,
            "a report of each of fifty running agents",
            () -> Optional.of(runningPids()).filter(running -> running.size() == 50));

    sidecar.destroyForcibly().waitFor();
    sidecar = launch();
    awaitSession(2);

    Map<ByteString, Integer> held = new HashMap<>();
    for (AgentReport report : server.inventories.getLast().getAgentsList()) {
      assertEquals(ProcessState.RUNNING, report.getState(), report::toString);
      held.put(report.getAgentId(), report.getPid());
    }
    assertEquals(pids, held, "every agent, in the very first inventory");
    for (int pid : pids.values()) {
      assertTrue(isAlive(pid));
    }
    for (int number = 1; number <= 50; number++) {
      runTenAtOnce(50 + number, new Command.Uninstall(agent(number), true));
    }
    for (int pid : pids.values()) {
      assertTrue(!isAlive(pid), "nothing is left");
    }
  }

  /** Says in a file of all agents when it starts and when it is stopped. */
  private AgentDefinition telling(String name, Path told, String... after) {
    AgentDefinition plain = definition(name);
    return new AgentDefinition(
            name,
            plain.type(),
            plain.packageReference(),
            plain.user(),
            List.of(
                "/bin/sh",
                "-c",
                "trap 'echo stop %s >> %s; exit 0' TERM; echo start %s >> %s; echo up; while :; do sleep 0.05; done"
                    .formatted(name, told, name, told)),
            plain.environment(),
            plain.files(),
            Optional.of(new Readiness(new Readiness.Sign.Line("up"), Duration.ofSeconds(30))),
            plain.health(),
            plain.restart(),
            plain.stop(),
            plain.limits(),
            plain.logs(),
            plain.install(),
            plain.uninstall())
        .startedAfter(List.of(after));
  }

  @Test
  void agentsAreStartedAfterThoseThatTheyNameAndStoppedTheOtherWayRound() throws Exception {
    Path told = folder.resolve("told");
    command(1, new Command.Install(agent(1), telling("web", told, "queue"), 1, true));
    command(2, new Command.Install(agent(2), telling("database", told), 1, true));
    command(3, new Command.Install(agent(3), telling("queue", told, "database"), 1, true));
    for (int number = 1; number <= 3; number++) {
      assertEquals(OperationResult.Outcome.SUCCEEDED, result(number).getOutcome(), this::log);
    }
    command(4, new Command.Configure(agent(2), telling("database", told, "web"), 2));
    assertEquals(OperationResult.Outcome.FAILED, result(4).getOutcome(), this::log);
    assertTrue(
        result(4).getMessage().contains("after: database → web → queue → database"),
        () -> result(4).getMessage());

    Files.delete(told);
    assertEquals(0, sidecarCommand("shutdown").waitFor(), this::log);
    assertEquals(
        List.of("stop web", "stop queue", "stop database"), Files.readAllLines(told), this::log);

    Files.delete(told);
    sidecar.destroyForcibly().waitFor();
    sidecar = launch();
    awaitSession(2);
    List<String> started = List.of("start database", "start queue", "start web");
    Eventually.await(
        SOON,
        "all are started",
        () -> Files.exists(told) && Files.readAllLines(told).size() == started.size());
    assertEquals(started, Files.readAllLines(told), this::log);
    for (int number = 1; number <= 3; number++) {
      command(4 + number, new Command.Uninstall(agent(number), true));
      assertEquals(OperationResult.Outcome.SUCCEEDED, result(4 + number).getOutcome(), this::log);
    }
  }

  @Test
  void anExecsOutputAndEndAreReported() throws Exception {
    command(
        1,
        new Command.Exec(
            Optional.empty(),
            new Command.Exec.Work.ShellScript("echo hello $1; exit 3", List.of("you")),
            Optional.empty(),
            Map.of()));

    OperationResult result = result(1);
    assertEquals(OperationResult.Outcome.FAILED, result.getOutcome(), this::log);
    assertEquals(3, result.getProcessEnd().getExited());
    assertEquals("hello you\n", result.getOutput().getHead().toStringUtf8());
  }

  private static AgentId agent(int number) {
    return new AgentId(new UUID(3, number));
  }

  /** The last of each ten waits for all of them. */
  private void runTenAtOnce(int number, Command command) throws Exception {
    command(number, command);
    if (number % 10 == 0) {
      for (int each = number - 9; each <= number; each++) {
        assertEquals(OperationResult.Outcome.SUCCEEDED, result(each).getOutcome(), this::log);
      }
    }
  }

  private static AgentDefinition definition() {
    return definition("sleeper");
  }

  private static AgentDefinition definition(String name) {
    return new AgentDefinition(
        name,
        AgentType.SERVICE,
        Optional.empty(),
        System.getProperty("user.name"),
        List.of("/bin/sleep", "600"),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new RestartRule(
            RestartRule.Policy.ALWAYS,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1)),
        new StopRule("TERM", Duration.ofSeconds(5)),
        Limits.NONE,
        new LogRule(1 << 20, 2),
        Optional.empty(),
        Optional.empty());
  }

  private Process launch() throws IOException {
    return sidecarCommand("run");
  }

  private Process sidecarCommand(String word) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SidecarMain.class.getName(),
            word,
            "--data",
            data.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private void awaitSession(long epoch) {
    Eventually.await(
        SOON,
        "session " + epoch,
        () ->
            server.epoch.get() == epoch
                && server.isUp()
                && server.inventories.getLast().getH().getSessionEpoch() == epoch
                && StatusSocket.ask(data).contains("server   connected"));
  }

  private void command(long number, Command command) {
    server.send(
        Samples.sent(Samples.taken(number, command)).setSessionEpoch(server.epoch.get()).build());
  }

  private OperationResult result(long number) {
    var id = Fields.bytes(Samples.operation(number).value());
    return Eventually.awaitValue(
        SOON,
        "the result of operation " + number,
        () ->
            server.committed.values().stream()
                .filter(Event::hasOperationResult)
                .map(Event::getOperationResult)
                .filter(result -> result.getOperationId().equals(id))
                .findFirst());
  }

  private Map<ByteString, Integer> runningPids() {
    Map<ByteString, Integer> pids = new HashMap<>();
    server.committed.values().stream()
        .filter(Event::hasAgentReport)
        .map(Event::getAgentReport)
        .filter(report -> report.getState() == ProcessState.RUNNING)
        .forEach(report -> pids.put(report.getAgentId(), report.getPid()));
    return pids;
  }

  private int runningPid() {
    return Eventually.awaitValue(
        SOON,
        "a running agent",
        () ->
            server.committed.values().stream()
                .filter(Event::hasAgentReport)
                .map(Event::getAgentReport)
                .filter(report -> report.getState() == ProcessState.RUNNING)
                .map(AgentReport::getPid)
                .filter(pid -> pid > 0)
                .findFirst());
  }

  /** Neither gone nor a zombie. */
  private static boolean isAlive(int pid) throws IOException {
    Path stat = Path.of("/proc", Integer.toString(pid), "stat");
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
