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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real server, and simulated hosts that are all connected: half of them web, half db. */
final class SimulatedSite implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int hosts;
  private final int hostPort;
  private final int operatorPort;
  private Jvm server;
  private final EasyAgentClient client;
  private final Simulator simulator;

  /**
   * @param journalKib of each host: a command that has not ended reserves 320 of them
   */
  SimulatedSite(Path folder, int hosts, int journalKib) throws IOException {
    this.folder = folder;
    this.hosts = hosts;
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
            Integer.toString(hosts),
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
            Integer.toString(journalKib));
    simulator.await("ready");
  }

  Simulator simulator() {
    return simulator;
  }

  void killServer() throws Exception {
    server.kill();
    server = startServer();
  }

  List<Host> online(String selector) {
    List<Host> online = new ArrayList<>();
    for (Host host : client.hosts(new HostQuery(Optional.of(selector), Optional.empty()))) {
      if (host.status() == Host.Status.online) {
        online.add(host);
      }
    }
    return online;
  }

  List<Event> events(String kind) {
    List<Event> events = new ArrayList<>();
    client
        .events(
            new EventQuery(Optional.empty(), Optional.empty(), Optional.of(kind), Optional.empty()))
        .forEach(events::add);
    return events;
  }

  Batch submit(List<Host> targets, Command command) {
    return client.submit(
        new BatchRequest(
            command,
            new Targets(
                Optional.of(targets.stream().map(host -> host.id().toString()).toList()),
                Optional.empty(),
                Optional.empty()),
            Optional.of("2m"),
            Optional.empty()));
  }

  boolean finished(Batch batch) {
    try {
      return client.batch(batch.id().toString()).finished();
    } catch (ConnectionException killed) {
      return false;
    }
  }

  List<Operation> operations(Batch batch) {
    List<Operation> operations = new ArrayList<>();
    client.operationsOf(batch.id().toString(), Optional.empty()).forEach(operations::add);
    return operations;
  }

  /** Waits for the end of all: each succeeded, and was run once by the witness' account. */
  void awaitEachRunOnce(Batch batch) throws IOException {
    Eventually.await(PATIENCE, batch.id() + " ends", () -> finished(batch));
    List<Operation> operations = operations(batch);
    assertEquals(hosts, operations.size());
    for (Operation operation : operations) {
      assertEquals(
          Operation.State.succeeded,
          operation.state(),
          () -> operation.hostName() + ": " + operation.message());
      int ran = simulator.ask("runs " + operation.id()).path("runs").asInt();
      assertEquals(1, ran, () -> operation.hostName() + ": " + operation.id());
    }
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
            Optional.of(2 * hosts),
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

  @Override
  public void close() throws Exception {
    simulator.close();
    client.close();
    server.stop();
  }
}
