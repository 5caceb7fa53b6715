package io.easyagent.acceptance.fleet;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.EnrollToken;
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
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import java.io.IOException;
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
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Programs programs;
  private final int hostPort;
  private final int operatorPort;
  private final Link link;
  private final String adminToken;
  private final EasyAgentClient client;
  private final Thread init;
  private volatile boolean closing;
  private volatile Jvm server;
  private volatile Jvm sidecar;

  /**
   * @param folder everything of server and host lies below it
   */
  public Fleet(Path folder, Programs programs) throws Exception {
    this.folder = folder;
    this.programs = programs;
    List<Integer> ports = FreePorts.several(2);
    hostPort = ports.getFirst();
    operatorPort = ports.getLast();
    link = new Link(hostPort);
    server = startServer();
    Path token = serverData().resolve("admin.token");
    Eventually.await(
        PATIENCE,
        "the server made its CA and token",
        () -> Files.exists(authority()) && Files.exists(token));
    adminToken = Files.readString(token).strip();
    client = client(adminToken);
    Eventually.await(PATIENCE, "the server answers", this::answers);
    enroll();
    sidecar = startSidecar();
    init = Thread.ofPlatform().name("init").start(this::restartWhatDies);
    Eventually.await(PATIENCE, "the host is online", this::online);
  }

  public EasyAgentClient client() {
    return client;
  }

  /** A client with another token; the caller closes it. */
  public EasyAgentClient client(String token) throws IOException {
    return new EasyAgentClient(
        new ServerConnection(
            operatorUrl(),
            ServerTrust.Authority.parse(Files.readString(authority())),
            Optional.of(token)));
  }

  /** The command line as its admin types it. */
  public CommandLine commandLine() throws IOException {
    return commandLine(operatorUrl(), adminToken);
  }

  /** The command line of somebody with another token, or that knows another address. */
  public CommandLine commandLine(URI server, String token) throws IOException {
    Path file = Files.createTempFile(folder, "operator-", ".yaml");
    new ConfigurationFile(file)
        .write(new Configuration(server, Files.readString(authority()), token));
    return new CommandLine(file);
  }

  public URI operatorUrl() {
    return URI.create("https://127.0.0.1:" + operatorPort);
  }

  public String adminToken() {
    return adminToken;
  }

  /** The certificate that hosts and operators trust. */
  public Path authority() {
    return serverData().resolve("ca/ca.crt");
  }

  public Link link() {
    return link;
  }

  public Path serverData() {
    return folder.resolve("server");
  }

  public Path hostData() {
    return folder.resolve("host");
  }

  /** With -9; another one is started at once. */
  public void killSidecar() throws InterruptedException {
    sidecar.kill();
  }

  public boolean online() {
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
  public Batch submit(Command command) {
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
  public Operation await(Batch batch) {
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
  public String logs() {
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
    EnrollToken token =
        client.createEnrollToken(
            new EnrollTokenRequest(
                Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    Jvm enroll = enroll(hostData(), token.token().orElseThrow(), token.fingerprint());
    int status = enroll.awaitExit();
    if (status != 0) {
      throw new AssertionError("enroll ended with " + status + ": " + enroll.tail());
    }
  }

  /** Runs {@code easyagent-sidecar enroll} over the link. */
  public Jvm enroll(Path data, String token, String fingerprint) throws IOException {
    Path file = Files.createTempFile(folder, "enroll-", ".token");
    Files.writeString(file, token);
    return Jvm.start(
        SidecarMain.class,
        Path.of(file + ".log"),
        Map.of(),
        "enroll",
        "--server",
        "127.0.0.1:" + link.port(),
        "--fingerprint",
        fingerprint,
        "--token-file",
        file.toString(),
        "--data",
        data.toString());
  }

  private Jvm startServer() throws IOException {
    return programs.startServer(folder.resolve("server.log"), serverData(), hostPort, operatorPort);
  }

  private Jvm startSidecar() throws IOException {
    return programs.startSidecar(folder.resolve("sidecar.log"), hostData());
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

  @Override
  public void close() throws Exception {
    closing = true;
    init.join();
    client.close();
    sidecar.stop();
    server.stop();
    link.close();
  }
}
