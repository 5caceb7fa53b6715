package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * One server and several hosts on this machine: each a process with a disk and a clock of its own,
 * each host behind a link of its own. What dies is started again.
 */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  private final Path folder;
  private final Programs programs;
  private final WallClock.Maker clocks;
  private final int hostPort;
  private final int operatorPort;
  private final Part server;
  private final List<HostPart> hosts = new ArrayList<>();
  private final EasyAgentClient client;
  private final Thread init;
  private volatile boolean closing;

  /** A process with what it lives on. */
  record Part(Daemon daemon, Path data, Disk disk, WallClock clock) {}

  /** A host. */
  record HostPart(String name, Part part, Relay relay) {}

  /**
   * @param folder everything lies below it; what its path is above, must not hold {@code /hosts/}
   */
  Site(Path folder, int count, Programs programs) throws Exception {
    this.folder = folder;
    this.programs = programs;
    clocks = new WallClock.Maker(folder);
    List<Integer> ports = FreePorts.several(2);
    hostPort = ports.getFirst();
    operatorPort = ports.getLast();
    server = part(folder.resolve("server"), "1g", this::startServer);
    init = Thread.ofPlatform().name("init").unstarted(this::reviveWhatDies);
    try {
      server.daemon().revive();
      Path token = server.data().resolve("admin.token");
      Path authority = server.data().resolve("ca/ca.crt");
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
      for (int number = 0; number < count; number++) {
        hosts.add(host(HostName.of(number)));
      }
      init.start();
      awaitOnline();
    } catch (Exception | Error failure) {
      close();
      throw failure;
    }
  }

  private Part part(Path place, String size, Starting starting) throws Exception {
    Files.createDirectories(place);
    Path data = place.resolve("data");
    WallClock clock = clocks.make(place.resolve("clock"));
    Disk disk = new Disk(data, size);
    return new Part(
        new Daemon(() -> starting.start(place.resolve("log"), data, clock)), data, disk, clock);
  }

  private interface Starting {
    Jvm start(Path log, Path data, WallClock clock) throws IOException;
  }

  private Jvm startServer(Path log, Path data, WallClock clock) throws IOException {
    return programs.startServer(log, data, hostPort, operatorPort, clock.environment());
  }

  private HostPart host(String name) throws Exception {
    Path place = folder.resolve("hosts").resolve(name);
    Path configuration = place.resolve("sidecar.yaml");
    Part part =
        part(
            place,
            "128m",
            (log, data, clock) ->
                programs.startSidecar(name, log, data, configuration, clock.environment()));
    Relay relay = new Relay(hostPort);
    // Hundreds of sessions break in a campaign; it need not wait for each as a fleet should.
    Files.writeString(
        configuration, "server:\n  reconnect: 50ms..400ms\ndata: %s\n".formatted(part.data()));
    enroll(name, place, part.data(), relay);
    part.daemon().revive();
    return new HostPart(name, part, relay);
  }

  private void enroll(String name, Path place, Path data, Relay relay) throws Exception {
    EnrollToken token =
        client.createEnrollToken(
            new EnrollTokenRequest(
                Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    Path file = Files.writeString(place.resolve("token"), token.token().orElseThrow());
    Jvm enroll =
        Jvm.start(
            SidecarMain.class,
            place.resolve("log"),
            Map.of(),
            "enroll",
            "--server",
            "127.0.0.1:" + relay.port(),
            "--fingerprint",
            token.fingerprint(),
            "--token-file",
            file.toString(),
            "--name",
            name,
            "--data",
            data.toString());
    if (enroll.awaitExit() != 0) {
      throw new IOException("enrol " + name + ": " + enroll.tail());
    }
  }

  EasyAgentClient client() {
    return client;
  }

  Part server() {
    return server;
  }

  List<HostPart> hosts() {
    return hosts;
  }

  List<String> names() {
    return hosts.stream().map(HostPart::name).toList();
  }

  boolean answers() {
    try {
      return !client.version().version().isEmpty();
    } catch (ClientException notNow) {
      return false;
    }
  }

  /** Until each host has been seen online since this was called, if only for a moment. */
  void awaitOnline() {
    Set<String> seen = new HashSet<>();
    Eventually.await(
        PATIENCE,
        "all hosts are online",
        () -> {
          try {
            for (Host host : client.hosts(HostQuery.all())) {
              if (host.status() == Host.Status.online) {
                seen.add(host.name());
              }
            }
          } catch (ConnectionException notNow) {
            return false;
          }
          return seen.containsAll(names());
        });
  }

  private void reviveWhatDies() {
    while (!closing) {
      Duration wait = LOOK_AGAIN;
      try {
        server.daemon().revive();
        for (HostPart host : hosts) {
          host.part().daemon().revive();
        }
      } catch (Exception failure) {
        System.err.println("chaos: nothing could be started: " + failure);
        wait = AFTER_FAILURE;
      }
      LockSupport.parkNanos(wait.toNanos());
    }
  }

  /** Takes the programs and disks down. Agents and their keepers run on. */
  @Override
  public void close() throws Exception {
    closing = true;
    if (init.isAlive()) {
      init.join();
    }
    if (client != null) {
      client.close();
    }
    for (HostPart host : hosts) {
      host.part().daemon().hold();
      host.relay().close();
      host.part().disk().close();
    }
    server.daemon().hold();
    server.disk().close();
  }
}
