package io.easyagent.acceptance.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Agent;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.Host;
import io.easyagent.api.Token;
import io.easyagent.api.TokenRequest;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole life of an agent that says its secrets wherever it can, on a real host, and then a look
 * everywhere: at what both sides logged, answered, stored and wrote, and at every process of both,
 * all the time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SecretsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String HOST = "secr-a";
  private static final String AGENT_USER = "daemon";
  private static final int AGENT_UID = 1;
  private static final Path HOST_DATA = Path.of("var/lib/easyagent-sidecar");
  private static final Path AGENT = HOST_DATA.resolve("agents/leaky");

  /** Says everything it knows, and dies when it is told to. */
  private static final String RUN =
      """
      #!/bin/sh
      say() { echo "$1: $API_KEY"; cat "$CONFIG/app.conf" "$CONFIG/key.pem"; }
      say started
      trap 'exit 0' TERM
      trap 'say dying >&2; exit 7' USR1
      while :; do sleep 1000 & wait $!; done
      """;

  private static final String SAY =
      """
      #!/bin/sh
      echo "$API_KEY"
      cat "$@"
      exit 1
      """;

  private static final String VALIDATE =
      """
      #!/bin/sh
      cat "$1"
      echo "$API_KEY"
      ! grep -q broken "$1"
      """;

  private final Planted inEnvironment = Planted.random("the secret of the environment");
  private final Planted inFile = Planted.random("the secret of the file");
  private final Planted wholeFile = Planted.random("the secret that is a file");
  private final Planted later = Planted.random("the file's later secret");
  private final Planted refused = Planted.random("the secret of a refused change");
  private final Planted typed = Planted.random("the value that an operator types");
  private final List<Planted> planted =
      new ArrayList<>(List.of(inEnvironment, inFile, wholeFile, later, refused, typed));
  private final List<CommandLine.Result> screens = new ArrayList<>();
  private Path folder;
  private SidecarHost sidecar;
  private RealHost host;
  private ControlPlane server;
  private CommandLine operator;
  private Findings findings;
  private ProcessWatch processes;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    folder = temporary;
    sidecar = SidecarHost.bootInstalled(HOST);
    host = sidecar.host();
    server = new ControlPlane(folder.resolve("plane"));
    EnrollToken enrollToken = server.enrollToken();
    Token operatorToken;
    try (EasyAgentClient client = server.client()) {
      operatorToken =
          client.createToken(
              new TokenRequest(
                  "ops",
                  Token.Role.admin,
                  Optional.of(true),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));
    }
    planted.add(new Planted("the enrolment token", enrollToken.token().orElseThrow()));
    planted.add(new Planted("the operator's token", operatorToken.token().orElseThrow()));
    operator = server.commandLine(operatorToken.token().orElseThrow());
    findings = new Findings(planted);
    processes = new ProcessWatch(findings, AGENT_UID);
    sidecar.enroll(server, enrollToken);
    sidecar.start();
    server.await(HOST, Host.Status.online);
  }

  @AfterAll
  void close() throws Exception {
    if (processes != null) {
      processes.close();
    }
    if (server != null) {
      server.close();
    }
    if (sidecar != null) {
      sidecar.close();
    }
  }

  private CommandLine.Result run(int status, String... words) {
    CommandLine.Result result = operator.run(words).expect(status);
    screens.add(result);
    return result;
  }

  private void set(String name, Planted value) {
    screens.add(
        operator
            .runWithInput(value.value() + "\n", "secret", "set", name, "--agents", "leaky")
            .expect(0));
  }

  private void push(String version) throws IOException {
    Path source = Files.createDirectories(folder.resolve("leaky-" + version));
    program(source.resolve("run"), RUN);
    program(source.resolve("say"), SAY);
    program(source.resolve("validate"), VALIDATE);
    run(0, "package", "push", source.toString(), "leaky@" + version);
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String definition(String word) throws IOException {
    Path file = folder.resolve("leaky.yml");
    Files.writeString(
        file,
        """
        name: leaky
        package: leaky@1
        user: %s
        command: ["{{package}}/run"]
        environment: {API_KEY: "{{secret.env-key}}", CONFIG: "{{config}}"}
        files:
          app.conf:
            validate: ["{{package}}/validate", "{{file}}"]
            template: |
              # %s
              api_key = {{secret.file-key}}
          key.pem: {mode: "0440", template: "{{secret.whole-key}}"}
        health: {command: ["{{package}}/say", "{{config}}/app.conf"], interval: 1s, retries: 1}
        restart: {policy: always, backoff: 100ms..1s}
        uninstall: {script: 'echo "bye $API_KEY"; cat "$CONFIG/app.conf"; exit 0'}
        """
            .formatted(AGENT_USER, word));
    return file.toString();
  }

  private Agent awaitAgent(String description, Predicate<Agent> condition) throws IOException {
    try (EasyAgentClient client = server.client()) {
      return Eventually.awaitValue(
          PATIENCE,
          description,
          () -> {
            for (Agent agent : client.agents(AgentQuery.all())) {
              if (condition.test(agent)) {
                return Optional.of(agent);
              }
            }
            return Optional.empty();
          });
    }
  }

  private Path onHost(Path path) {
    return host.disk().resolve(path);
  }

  /** Looks at everything but processes, which are watched all the time. */
  private void look() throws Exception {
    for (CommandLine.Result screen : screens) {
      findings.text("the command line: " + screen.command(), screen.out() + screen.err());
    }
    try (EasyAgentClient client = server.client()) {
      Answers.look(client, findings);
    }
    findings.text("the server's log", Files.readString(folder.resolve("plane/server.log")));
    findings.files("server", server.data());
    findings.text(
        "the host's journal", host.run("journalctl", "--all", "--output=cat").expect(0).output());
    findings.text("the sidecar's status", sidecar.sidecar("status").expect(0).output());
    findings.files("host", host.disk());
    inMemory();
  }

  /** Files of the host that are on none of its disks. */
  private void inMemory() throws Exception {
    for (Planted each : planted) {
      RealHost.Result found =
          host.runWithInput(
              String.join("\n", each.forms()) + "\n",
              "sh",
              "-c",
              "cat > /run/patterns; grep -rlaF -f /run/patterns /run /tmp /dev/shm /var/tmp"
                  + " 2>/dev/null; rm /run/patterns");
      found
          .output()
          .lines()
          .filter(line -> !line.equals("/run/patterns"))
          .forEach(line -> findings.text("host " + line, each.value()));
    }
  }

  @Test
  @Order(1)
  void nothingOfAWholeLifeShowsASecret() throws Exception {
    push("1");
    push("2");
    set("env-key", inEnvironment);
    set("file-key", inFile);
    set("whole-key", wholeFile);
    run(0, "apply", "-f", definition("first"), "--dry-run", "--all");
    run(0, "apply", "-f", definition("first"), "--all");
    Agent started =
        awaitAgent("it is unhealthy", agent -> agent.health() == Agent.Health.unhealthy);

    // A crash, whose last words are its cause.
    host.run("pkill", "-USR1", "-u", AGENT_USER, "-x", "run").expect(0);
    awaitAgent("it came back", agent -> agent.restarts() > 0 && agent.pid().isPresent());
    run(0, "agent", "list");
    run(0, "agent", "show", "leaky", "--host", HOST);

    // An exec that fails and says everything, as the agent and as root.
    run(1, "agent", "exec", "leaky", "--all", "--", "/bin/sh", "-c", "cat ../config/*; exit 3");
    run(
        1,
        "exec",
        "--all",
        "--",
        "/bin/sh",
        "-c",
        "cat /"
            + AGENT
            + "/secrets /"
            + AGENT
            + "/config/*;"
            + " for p in $(pgrep -u daemon); do tr '\\0' '\\n' < /proc/$p/environ; done; exit 3");

    // A change whose validation says the new value, and fails.
    set("file-key", refused);
    awaitAgent("it drifts", Agent::drift);
    run(1, "apply", "-f", definition("broken"), "--all");

    // Another value, with the definition as it was.
    set("file-key", later);
    run(0, "apply", "-f", definition("first"), "--all");
    awaitAgent("it has it", agent -> !agent.drift());
    assertTrue(Files.readString(onHost(AGENT.resolve("config/app.conf"))).contains(later.value()));
    run(0, "agent", "upgrade", "leaky", "2", "--all");
    run(0, "agent", "upgrade", "leaky", "1", "--all");

    // The sidecar dies; the agent is started anew without a word with the server.
    host.run("systemctl", "kill", "--signal=KILL", "--kill-who=main", SidecarHost.UNIT).expect(0);
    server.await(HOST, Host.Status.online);
    run(0, "agent", "restart", "leaky", "--all");
    run(0, "events");
    run(0, "audit", "list");
    run(0, "secret", "list");
    look();

    assertTrue(processes.rounds() > 50, () -> "rounds: " + processes.rounds());
    assertTrue(findings.looked() > 10_000, () -> "texts: " + findings.looked());
    assertEquals(
        new TreeSet<>(
            List.of(
                inEnvironment + " in host " + AGENT + "/logs/leaky.log rw-r----- 0:0",
                inEnvironment + " in host " + AGENT + "/secrets rw------- 0:0",
                inFile + " in host " + AGENT + "/logs/leaky.log rw-r----- 0:0",
                later + " in host " + AGENT + "/config/app.conf rw-r----- 0:1",
                later + " in host " + AGENT + "/logs/leaky.log rw-r----- 0:0",
                later + " in host " + AGENT + "/secrets rw------- 0:0",
                wholeFile + " in host " + AGENT + "/config/key.pem r--r----- 0:1",
                wholeFile + " in host " + AGENT + "/logs/leaky.log rw-r----- 0:0",
                wholeFile + " in host " + AGENT + "/secrets rw------- 0:0")),
        findings.all(),
        "started with " + started);
  }

  @Test
  @Order(2)
  void anUninstallLeavesNothing() throws Exception {
    run(0, "agent", "uninstall", "leaky", "--all", "--purge");
    Findings left = new Findings(planted);
    left.files("host", host.disk());
    assertEquals(new TreeSet<>(), left.all());
    run(0, "secret", "remove", "env-key");
  }

  /** What an operator types into a command is no secret to anybody: everything must be found. */
  @Test
  @Order(3)
  void theSameLookFindsAPlantedLeak() throws Exception {
    run(
        0,
        "exec",
        "--all",
        "--",
        "/bin/sh",
        "-c",
        "KEY="
            + typed.value()
            + "; export KEY; echo $KEY | tee /run/leak >&2;"
            + " logger $KEY; /bin/sleep 1; /bin/sleep 1");
    look();

    List<String> found =
        findings.all().stream().filter(each -> each.startsWith(typed.what())).toList();
    for (String where :
        List.of(
            "the arguments of sh",
            "the environment of sleep",
            "the command line: ",
            "REST: an operation",
            "REST: the audit log",
            "server server.db",
            "the host's journal",
            "host /run/leak",
            "host " + HOST_DATA + "/journal/")) {
      assertTrue(
          found.stream().anyMatch(each -> each.startsWith(typed + " in " + where)),
          () -> where + " is not in " + found);
    }
  }
}
