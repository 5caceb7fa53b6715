package io.easyagent.acceptance.walk;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.IdempotencyKey;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.server.WalkedServer;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.sidecar.WalkedSidecar;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A server and one host, each a process of its own, and the link between them. Whatever dies is
 * started again at once, as an init system would.
 */
public final class Fleet implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final PlantedBug planted;
  private final int hostPort;
  private final int operatorPort;
  private final Link link;
  private final EasyAgentClient client;
  private final Thread init;
  private volatile boolean closing;
  private volatile Jvm server;
  private volatile Jvm sidecar;

  Fleet(Path folder, PlantedBug planted) throws Exception {
    this.folder = folder;
    this.planted = planted;
    hostPort = freePort();
    operatorPort = freePort();
    link = new Link(hostPort);
    for (Side side : Side.values()) {
      Files.createDirectories(boundaries(side));
    }
    server = startServer();
    Path authority = serverData().resolve("ca/ca.crt");
    Path token = serverData().resolve("admin.token");
    Eventually.await(
        PATIENCE,
        "the server made its CA and token",
        () -> Files.exists(authority) && Files.exists(token));
    client =
        new EasyAgentClient(
            new ServerConnection(
                URI.create("https://127.0.0.1:" + operatorPort),
                ServerTrust.Authority.parse(Files.readString(authority)),
                Optional.of(Files.readString(token).strip())));
    Eventually.await(PATIENCE, "the server answers", this::answers);
    enroll();
    sidecar = startSidecar();
    init = Thread.ofPlatform().name("init").start(this::restartWhatDies);
    Eventually.await(PATIENCE, "the host is online", this::online);
  }

  EasyAgentClient client() {
    return client;
  }

  Link link() {
    return link;
  }

  Path serverData() {
    return folder.resolve("server");
  }

  Path hostData() {
    return folder.resolve("host");
  }

  Path boundaries(Side side) {
    return folder.resolve("boundaries").resolve(side.name());
  }

  /** Kills that side at the boundary after the next {@code passed} ones. */
  void arm(Side side, int passed) throws IOException {
    Files.deleteIfExists(Boundary.passedFile(boundaries(side)));
    Path armed = Boundary.armedFile(boundaries(side));
    Path written = armed.resolveSibling("armed.new");
    Files.writeString(written, Integer.toString(passed));
    Files.move(written, armed, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where the side was killed, if it was; disarms it. */
  Optional<String> killedAt(Side side) throws IOException {
    boolean stillArmed = Files.deleteIfExists(Boundary.armedFile(boundaries(side)));
    if (stillArmed) {
      return Optional.empty();
    }
    return Optional.of(Files.readAllLines(Boundary.passedFile(boundaries(side))).getLast());
  }

  boolean online() {
    return host().map(host -> host.status() == Host.Status.online).orElse(false);
  }

  private Optional<Host> host() {
    for (Host host : client.hosts(HostQuery.all())) {
      return Optional.of(host);
    }
    return Optional.empty();
  }

  /**
   * Submits, again with the same key for as long as no answer comes, and returns what was accepted.
   */
  Batch submit(Command command) {
    BatchRequest request =
        new BatchRequest(
            command,
            new Targets(Optional.empty(), Optional.empty(), Optional.of(true)),
            Optional.of("2m"),
            Optional.empty());
    IdempotencyKey key = IdempotencyKey.random();
    return Eventually.awaitValue(
        PATIENCE,
        "accepted: " + command.kind(),
        () -> {
          try {
            return Optional.of(client.submit(request, key));
          } catch (ConnectionException noAnswer) {
            return Optional.empty();
          }
        });
  }

  /** Waits until the batch's one operation has ended. */
  Operation await(Batch batch) {
    return Eventually.awaitValue(
        PATIENCE,
        batch.kind() + " " + batch.id() + " ends",
        () -> {
          try {
            for (Operation operation :
                client.operationsOf(batch.id().toString(), Optional.empty())) {
              if (operation.state().finished()) {
                return Optional.of(client.operation(operation.id().toString()));
              }
            }
          } catch (ConnectionException noAnswer) {
            // The server is down; it comes back.
          }
          LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
          return Optional.empty();
        });
  }

  /** The last lines of both logs, for a failure's message. */
  String logs() {
    return "--- server\n" + server.tail() + "\n--- sidecar\n" + sidecar.tail();
  }

  private boolean answers() {
    try {
      client.version();
      return true;
    } catch (ConnectionException notYet) {
      return false;
    }
  }

  private void enroll() throws Exception {
    var token =
        client.createEnrollToken(
            new EnrollTokenRequest(
                Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    Path file = folder.resolve("enroll.token");
    Files.writeString(file, token.token().orElseThrow());
    Jvm enroll =
        Jvm.start(
            SidecarMain.class,
            folder.resolve("enroll.log"),
            Map.of(),
            "enroll",
            "--server",
            "127.0.0.1:" + link.port(),
            "--fingerprint",
            token.fingerprint(),
            "--token-file",
            file.toString(),
            "--data",
            hostData().toString());
    int status = enroll.awaitExit();
    if (status != 0) {
      throw new AssertionError("enroll ended with " + status + ": " + enroll.tail());
    }
  }

  private Jvm startServer() throws IOException {
    return Jvm.start(
        WalkedServer.class,
        folder.resolve("server.log"),
        Map.of(),
        serverData().toString(),
        Integer.toString(hostPort),
        Integer.toString(operatorPort),
        boundaries(Side.SERVER).toString(),
        planted.name());
  }

  private Jvm startSidecar() throws IOException {
    return Jvm.start(
        WalkedSidecar.class,
        folder.resolve("sidecar.log"),
        Map.of(),
        hostData().toString(),
        boundaries(Side.SIDECAR).toString(),
        planted.name());
  }

  private void restartWhatDies() {
    while (!closing) {
      try {
        if (!server.alive()) {
          server = startServer();
        }
        if (!sidecar.alive()) {
          sidecar = startSidecar();
        }
      } catch (IOException failure) {
        throw new AssertionError(failure);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    closing = true;
    init.join();
    client.close();
    sidecar.stop();
    server.stop();
    link.close();
  }

  /** Targets that name this fleet's one host. */
  static Command command(Command.Kind kind, Optional<String> agent) {
    return new Command(
        kind,
        agent,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Command define(Command.Kind kind, String definition) {
    return new Command(
        kind,
        Optional.empty(),
        Optional.of(definition),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Command script(String script, List<String> parameters) {
    return new Command(
        Command.Kind.exec,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(script),
        Optional.of(parameters),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
