package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.acceptance.realhost.SyncedDisk;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.IdempotencyKey;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The {@link Walk} on a real host: what is struck at the boundaries of the sidecar is the whole
 * host, with the agents on it. A second agent, steady, is told nothing.
 */
final class HostWalk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String WITNESS = "/var/lib/witness";
  private static final String BOUNDARIES = "/var/lib/boundaries";

  private final ControlPlane server;
  private final EasyAgentClient client;
  private final SidecarHost host;
  private final SyncedDisk disk;
  private final String name;
  private final Witness witness;
  private final WalkedAgent walked;
  private final List<String> accepted = new ArrayList<>();
  private int executions;

  /**
   * @param folder of this machine, that the host sees too
   */
  HostWalk(ControlPlane server, String name, Path folder) throws Exception {
    this.server = server;
    this.name = name;
    client = server.client();
    host = SidecarHost.bootInstalled(name);
    Files.createDirectories(folder);
    witness = new Witness(Path.of(WITNESS), host.host().disk().resolve("var/lib/witness"));
    walked = WalkedAgent.make(folder, "walked", witness.file());
    WalkedAgent steady = WalkedAgent.make(folder, "steady", witness.file());
    host.host().run("mkdir", BOUNDARIES).expect(0);
    disk = SyncedDisk.make(host.host(), SidecarHost.DATA, SidecarHost.UNIT);
    host.enroll(server);
    host.host()
        .runWithInput(
            """
            [Service]
            Type=exec
            WatchdogSec=0
            ExecStart=
            ExecStart=%s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m --enable-native-access=ALL-UNNAMED \
            -cp %s io.easyagent.sidecar.WalkedSidecar %s %s NONE
            """
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    System.getProperty("java.class.path"),
                    SidecarHost.DATA,
                    BOUNDARIES),
            "sh",
            "-c",
            "mkdir -p /etc/systemd/system/easyagent-sidecar.service.d"
                + " && cat > /etc/systemd/system/easyagent-sidecar.service.d/walk.conf"
                + " && systemctl daemon-reload")
        .expect(0);
    host.start();
    server.await(name, Host.Status.online);
    undisturbed(Command.define(Command.Kind.install, steady.definition("one")));
    undisturbed(Command.ofAgent(Command.Kind.start, "steady"));
  }

  /**
   * Round for round, until no operation has so many boundaries.
   *
   * @return how often it struck
   */
  int strike(HostBlow blow, Set<Step> disturbed, Pace pace) throws Exception {
    int struck = 0;
    Set<Step> open = EnumSet.copyOf(disturbed);
    for (int round = 0; !open.isEmpty(); round++) {
      for (Step step : Pace.lifeWith(open)) {
        int boundary = pace.boundary(round, step);
        Optional<String> place =
            told(step, open.contains(step) ? Optional.of(blow) : Optional.empty(), boundary);
        if (place.isPresent()) {
          struck++;
        } else {
          open.remove(step);
        }
      }
    }
    for (String batch : accepted) {
      assertTrue(client.batch(batch).finished(), () -> "accepted, and not finished: " + batch);
    }
    return struck;
  }

  /** As {@link #run}; a failure tells what the host knows. */
  private Optional<String> told(Step step, Optional<HostBlow> blow, int boundary) throws Exception {
    try {
      return run(step, blow, boundary);
    } catch (AssertionError broken) {
      throw new AssertionError(
          String.join(
              "\n",
              broken.getMessage(),
              witness.all().toString(),
              host.log(),
              host.sidecar("status", "--data", SidecarHost.DATA).output(),
              host.host().run("ps", "-eo", "pid,ppid,lstart,args").output()),
          broken);
    }
  }

  private Optional<String> run(Step step, Optional<HostBlow> blow, int boundary) throws Exception {
    long steadyStarts = witness.count("started", "steady");
    long steadyStops = witness.count("stopped", "steady");
    String execution = "execution-" + executions++;
    server.await(name, Host.Status.online);
    Path boundaries = boundaries();
    if (blow.isPresent()) {
      arm(boundary, blow.get());
    }
    Batch batch = submit(step.command(walked, witness, execution));
    Optional<String> place = Optional.empty();
    if (blow.isPresent()) {
      Eventually.await(
          PATIENCE,
          step + " ends or is struck at " + boundary,
          () -> Boundary.struck(boundaries).isPresent() || finished(batch).isPresent());
      host.host().run("rm", "-f", BOUNDARIES + "/armed").expect(0);
      place = Boundary.struck(boundaries);
      if (place.isPresent()) {
        blow.get().fall(host, disk, server, witness.seenAt());
      }
    }
    Operation operation =
        Eventually.awaitValue(PATIENCE, step + " " + batch.id() + " ends", () -> finished(batch));
    String what =
        "%s on %s, %s at boundary %d (%s), ended %s \"%s\""
            .formatted(
                step,
                name,
                blow.map(HostBlow::name).orElse("undisturbed"),
                boundary,
                place.orElse("not reached"),
                operation.state(),
                operation.message());
    int boots = place.isPresent() ? blow.orElseThrow().boots() : 0;
    check(step, operation, execution, what);
    checkSteady(steadyStarts + boots, steadyStops, boots, what);
    return place;
  }

  /** The folder in the layer that the host writes to: made anew at each of its boots. */
  private Path boundaries() {
    return host.host().disk().resolve(BOUNDARIES.substring(1));
  }

  /** From inside: what this machine changes below a host that is up, that host does not see. */
  private void arm(int boundary, HostBlow blow) throws Exception {
    host.host()
        .runWithInput(
            boundary + " " + blow.blow(),
            "sh",
            "-c",
            "cd " + BOUNDARIES + " && rm -f passed struck && cat > armed.new && mv armed.new armed")
        .expect(0);
  }

  private void check(Step step, Operation operation, String execution, String what) {
    witness.requireEnd(step, operation, execution, what);
    assertEquals(0, witness.count("double", walked.name()), () -> "two at once: " + what);
    awaitProcesses(walked.name(), step.leavesRunning() ? 1 : 0, what);
  }

  private void checkSteady(long starts, long stops, int boots, String what) {
    Eventually.await(
        PATIENCE,
        "starts of the steady one: " + starts + ": " + what,
        () -> witness.count("started", "steady") >= starts);
    assertEquals(starts, witness.count("started", "steady"), "starts of the steady one: " + what);
    assertTrue(
        witness.count("stopped", "steady") <= stops + boots, "stops of the steady one: " + what);
    assertEquals(0, witness.count("double", "steady"), () -> "two at once: " + what);
    awaitProcesses("steady", 1, what);
  }

  private void awaitProcesses(String agent, int expected, String what) {
    Eventually.await(
        PATIENCE,
        expected + " processes of " + agent + ": " + what,
        () -> processes(agent) == expected);
  }

  private long processes(String agent) throws Exception {
    RealHost.Result found =
        host.host().run("pgrep", "-f", "-x", ".*/agent.sh " + WITNESS + " " + agent);
    return found.status() == 0 ? found.output().lines().count() : 0;
  }

  private Batch submit(Command command) {
    BatchRequest request =
        new BatchRequest(
            command,
            new Targets(Optional.of(List.of(name)), Optional.empty(), Optional.empty()),
            Optional.of("5m"),
            Optional.empty());
    Batch batch = client.submit(request, IdempotencyKey.random());
    accepted.add(batch.id().toString());
    return batch;
  }

  private Optional<Operation> finished(Batch batch) {
    try {
      for (Operation operation : client.operationsOf(batch.id().toString(), Optional.empty())) {
        if (operation.state().finished()) {
          return Optional.of(operation);
        }
      }
    } catch (ConnectionException noAnswer) {
      // asked again
    }
    return Optional.empty();
  }

  private void undisturbed(Command command) {
    Batch batch = submit(command);
    Operation operation =
        Eventually.awaitValue(PATIENCE, command.kind() + " ends", () -> finished(batch));
    assertEquals(Operation.State.succeeded, operation.state(), operation.message());
  }

  @Override
  public void close() throws Exception {
    host.close();
    disk.close();
    client.close();
  }
}
