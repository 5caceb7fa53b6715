package io.easyagent.acceptance.realhost;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.server.ServerMain;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server on this machine that real hosts can dial, and its admin. Start a host first. */
public final class ControlPlane implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int hostPort;
  private final int operatorPort;
  private final List<String> options;
  private Jvm server;

  /**
   * @param folder everything of the server lies below it
   * @param options further words for {@code easyagent server}
   */
  public ControlPlane(Path folder, String... options) throws IOException {
    this.folder = folder;
    this.options = List.of(options);
    List<Integer> ports = FreePorts.several(2);
    hostPort = ports.getFirst();
    operatorPort = ports.getLast();
    server = start();
    awaitAnswer();
  }

  public int hostPort() {
    return hostPort;
  }

  public int operatorPort() {
    return operatorPort;
  }

  public Path data() {
    return folder.resolve("server");
  }

  /** What hosts are told to dial. */
  public String hostAddress() {
    return RealHost.MACHINE + ":" + hostPort;
  }

  public URI operatorUrl() {
    return URI.create("https://" + RealHost.MACHINE + ":" + operatorPort);
  }

  public String adminToken() throws IOException {
    return Files.readString(data().resolve("admin.token")).strip();
  }

  /** The certificate that hosts and operators trust. */
  public Path authority() {
    return data().resolve("ca/ca.crt");
  }

  /** A client of the admin; the caller closes it. */
  public EasyAgentClient client() throws IOException {
    return new EasyAgentClient(
        new ServerConnection(
            operatorUrl(),
            ServerTrust.Authority.parse(Files.readString(authority())),
            Optional.of(adminToken())));
  }

  /** For one host. */
  public EnrollToken enrollToken() throws IOException {
    try (EasyAgentClient client = client()) {
      return client.createEnrollToken(
          new EnrollTokenRequest(
              Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    }
  }

  /** The command line as the admin types it. */
  public CommandLine commandLine() throws IOException {
    return commandLine(adminToken());
  }

  public CommandLine commandLine(String token) throws IOException {
    Path file = Files.createTempFile(folder, "operator-", ".yaml");
    new ConfigurationFile(file)
        .write(new Configuration(operatorUrl(), Files.readString(authority()), token));
    return new CommandLine(file);
  }

  /** The host of that name, once it has that status. */
  public Host await(String name, Host.Status status) throws IOException {
    try (EasyAgentClient client = client()) {
      return Eventually.awaitValue(
          PATIENCE,
          name + " is " + status,
          () -> {
            for (Host host : client.hosts(HostQuery.all())) {
              if (host.name().equals(name) && host.status() == status) {
                return Optional.of(host);
              }
            }
            return Optional.empty();
          });
    }
  }

  /** With -9; it stays down. */
  public void kill() throws InterruptedException {
    server.kill();
  }

  /** With SIGTERM; it stays down. */
  public void stop() throws InterruptedException {
    server.stop();
  }

  public void startAgain() throws IOException {
    server = start();
    awaitAnswer();
  }

  /** The last lines of its log. */
  public String log() {
    return server.tail();
  }

  private Jvm start() throws IOException {
    Files.createDirectories(folder);
    List<String> words =
        new ArrayList<>(
            List.of(
                "--data",
                data().toString(),
                "--bind",
                "0.0.0.0",
                "--name",
                RealHost.MACHINE,
                "--host-port",
                Integer.toString(hostPort),
                "--operator-port",
                Integer.toString(operatorPort)));
    words.addAll(options);
    return Jvm.start(
        ServerMain.class, folder.resolve("server.log"), Map.of(), words.toArray(String[]::new));
  }

  private void awaitAnswer() {
    Eventually.await(
        PATIENCE,
        "the server answers",
        () -> {
          if (!server.alive()) {
            throw new AssertionError("the server ended: " + server.tail());
          }
          if (!Files.exists(data().resolve("admin.token"))) {
            return false;
          }
          try (EasyAgentClient client = client()) {
            client.version();
            return true;
          } catch (ConnectionException notYet) {
            return false;
          }
        });
  }

  @Override
  public void close() throws InterruptedException {
    server.stop();
  }
}
