package io.easyagent.acceptance.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.acceptance.fleet.RealPrograms;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Event;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.EventQuery;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty simulated hosts: what is said of ten thousand must hold of them first. */
class SimulatedFleetIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int HOSTS = 50;

  @TempDir Path folder;

  private int hostPort;
  private int operatorPort;
  private Jvm server;
  private EasyAgentClient client;
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    hostPort = freePort();
    operatorPort = freePort();
    server = startServer();
    Path token = folder.resolve("server/admin.token");
    Path authority = folder.resolve("server/ca/ca.crt");
    Eventually.await(
        PATIENCE, "CA and token", () -> Files.exists(authority) && Files.exists(token));
    client =
        new EasyAgentClient(
            new ServerConnection(
                URI.create("https://127.0.0.1:" + operatorPort),
                ServerTrust.Authority.parse(Files.readString(authority)),
                Optional.of(Files.readString(token).strip())));
    Eventually.await(PATIENCE, "the server answers", this::answers);
    List<EnrollToken> tokens = List.of(enrollToken("web"), enrollToken("db"));
    Files.write(
        folder.resolve("tokens"), tokens.stream().map(each -> each.token().orElseThrow()).toList());
    simulator =
        Simulator.start(
            folder.resolve("simulator.log"),
            "--hosts",
            Integer.toString(HOSTS),
            "--server",
            "127.0.0.1:" + hostPort,
            "--fingerprint",
            tokens.getFirst().fingerprint(),
            "--token-file",
            folder.resolve("tokens").toString(),
            "--state",
            folder.resolve("hosts").toString(),
            "--agents-per-host",
            "2",
            "--journal-kib",
            "512");
    simulator.await("ready");
  }

  @AfterEach
  void stop() throws Exception {
    simulator.close();
    client.close();
    server.stop();
  }

  @Test
  void eachExecRunsOnceThoughTheServerIsKilled() throws Exception {
    assertEquals(HOSTS / 2, online("role=web").size());
    assertEquals(HOSTS / 2, online("role=db").size());
    simulator.awaitStatus("all is told", now -> now.path("events_waiting").asInt() == 0);
    assertEquals(
        HOSTS, online("role=web").stream().mapToLong(host -> host.agents().asDesired()).sum());

    Map<Operation.State, Integer> first = await(submit("uptime"), 1);
    assertEquals(Map.of(Operation.State.succeeded, HOSTS), first);

    Batch interrupted = submit("sleep", "1");
    Eventually.await(
        PATIENCE, "some run", () -> simulator.ask("status").path("execs_run").asInt() > HOSTS);
    server.kill();
    server = startServer();
    Map<Operation.State, Integer> second = await(interrupted, 1);
    assertEquals(Map.of(Operation.State.succeeded, HOSTS), second);
    simulator.awaitStatus("all are back", now -> now.path("connected").asInt() == HOSTS);
    assertEquals(0, simulator.ask("status").path("execs_run_twice").asInt());
  }

  @Test
  void eventsThatComeTwiceOrOutOfOrderCountOnce() throws Exception {
    int queued = 0;
    for (String delivery : List.of("duplicated", "reordered")) {
      simulator.ask("deliver " + delivery + " 1-10");
      simulator.ask("flood 50 1-10");
      queued += 500;
      int expected = queued;
      simulator.awaitStatus(
          "all are queued and taken",
          now ->
              now.path("flooded").asInt() == expected && now.path("events_waiting").asInt() == 0);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Event event : events("flood")) {
      counts.merge(event.hostName().orElse("?") + " " + event.message(), 1, Integer::sum);
    }
    assertEquals(500, counts.size());
    counts.forEach((event, count) -> assertEquals(2, count, event));
  }

  /** A host whose enrolment was answered too late enrols again: the first try stays pending. */
  private List<Host> online(String selector) {
    List<Host> hosts = new ArrayList<>();
    for (Host host : client.hosts(new HostQuery(Optional.of(selector), Optional.empty()))) {
      if (host.status() == Host.Status.online) {
        hosts.add(host);
      }
    }
    return hosts;
  }

  private List<Event> events(String kind) {
    List<Event> events = new ArrayList<>();
    client
        .events(
            new EventQuery(Optional.empty(), Optional.empty(), Optional.of(kind), Optional.empty()))
        .forEach(events::add);
    return events;
  }

  private Batch submit(String... command) {
    return client.submit(
        new BatchRequest(
            Command.exec(command),
            new Targets(
                Optional.of(
                    online("role in (web,db)").stream().map(host -> host.id().toString()).toList()),
                Optional.empty(),
                Optional.empty()),
            Optional.of("2m"),
            Optional.empty()));
  }

  /** Waits for the end of all, each of which must have been run that often. */
  private Map<Operation.State, Integer> await(Batch batch, int runs) throws IOException {
    Eventually.await(
        PATIENCE,
        batch.id() + " ends",
        () -> {
          try {
            return client.batch(batch.id().toString()).finished();
          } catch (ConnectionException killed) {
            return false;
          }
        });
    Map<Operation.State, Integer> ends = new HashMap<>();
    for (Operation operation : client.operationsOf(batch.id().toString(), Optional.empty())) {
      ends.merge(operation.state(), 1, Integer::sum);
      int ran = simulator.ask("runs " + operation.id()).path("runs").asInt();
      assertEquals(runs, ran, () -> operation.hostName() + ": " + operation.id());
    }
    return ends;
  }

  private Jvm startServer() throws IOException {
    return new RealPrograms()
        .startServer(
            folder.resolve("server.log"), folder.resolve("server"), hostPort, operatorPort);
  }

  private EnrollToken enrollToken(String role) {
    return client.createEnrollToken(
        new EnrollTokenRequest(
            Optional.of(Map.of("role", role)),
            Optional.of(2 * HOSTS),
            Optional.empty(),
            Optional.empty()));
  }

  private boolean answers() {
    try {
      client.version();
      return true;
    } catch (ConnectionException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
