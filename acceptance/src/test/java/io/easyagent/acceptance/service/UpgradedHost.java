package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A host whose sidecar is replaced from afar, with agents that must not notice. */
final class UpgradedHost implements AutoCloseable {
  /** Seconds of a trial: it ends sooner than in life. */
  static final int WITHIN = 25;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final SidecarHost host;
  final RealHost machine;
  final ControlPlane server;
  final Witnesses agents;
  final CommandLine admin;
  final RepackedSidecar maker;

  /** Has the sidecar run: the unit, or the loop. */
  interface Start {
    void start(SidecarHost host) throws IOException, InterruptedException;
  }

  UpgradedHost(String name, Path folder, Start start) throws Exception {
    maker = new RepackedSidecar(folder.resolve("made"));
    host = SidecarHost.bootInstalled(name);
    machine = host.host();
    machine.runWithInput(maker.releaseKeys(), "tee", SidecarHost.HOME + "/release-keys").expect(0);
    server = new ControlPlane(folder);
    admin = server.commandLine();
    host.enroll(server);
    start.start(host);
    awaitOnline();
    agents = Witnesses.install(machine, server, folder);
  }

  /** With the unit, whose patience with what hangs is as short as that of a trial. */
  static UpgradedHost withUnit(String name, Path folder) throws Exception {
    return new UpgradedHost(
        name,
        folder,
        host -> {
          host.host()
              .runWithInput(
                  "[Service]%nEnvironment=EASYAGENT_TRIAL_SECONDS=%d%nTimeoutStartSec=%ds%n"
                      .formatted(WITHIN, WITHIN + 5),
                  "sh",
                  "-c",
                  "d=/etc/systemd/system/easyagent-sidecar.service.d; mkdir $d;"
                      + " cat >$d/impatient.conf; systemctl daemon-reload")
              .expect(0);
          host.start();
        });
  }

  Host awaitOnline() throws IOException {
    return server.await(machine.name(), Host.Status.online);
  }

  /** Each agent's process with the moment of its start, seen from outside of the sidecar. */
  Map<String, String> processes() throws Exception {
    Map<String, String> seen = new TreeMap<>();
    for (Map.Entry<String, Integer> agent : agents.running().entrySet()) {
      String stat = machine.run("cat", "/proc/" + agent.getValue() + "/stat").expect(0).output();
      String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
      seen.put(agent.getKey(), agent.getValue() + " since " + started);
    }
    return seen;
  }

  void push(Path archive) {
    admin.run("sidecar", "push", archive.toString()).expect(0);
  }

  /** Waits for its end. */
  CommandLine.Result upgrade(String version) {
    return admin.run("sidecar", "upgrade", "--version", version, "--all");
  }

  /** As {@link #upgrade}, which fails, and says why. */
  void fails(String version, String reason) {
    CommandLine.Result failed = upgrade(version).expect(1);
    assertTrue(failed.screen().contains(reason), () -> failed.screen() + "\n" + host.lastLog());
  }

  CommandLine.Result configure(String content) {
    return admin.runWithInput(content, "sidecar", "configure", "-f", "-", "--all");
  }

  String version() throws Exception {
    String said = host.sidecar("version").expect(0).output().strip();
    return said.substring(said.lastIndexOf(' ') + 1);
  }

  /** The host is as it should be, with that version. */
  void assertRuns(String version) throws Exception {
    Eventually.await(
        PATIENCE,
        "connected with " + version,
        () ->
            version().equals(version)
                && awaitOnline().toString().contains(version)
                && host.sidecar("status").output().contains("connected to"));
    Eventually.await(
        PATIENCE,
        "nothing is left of the trial",
        () -> machine.shell("ls " + SidecarHost.HOME + "/trial 2>/dev/null").output().isEmpty());
  }

  /** So it is, and its agents are the very same. */
  void assertRuns(String version, Map<String, String> before) throws Exception {
    assertRuns(version);
    assertEquals(before, processes(), host::lastLog);
  }

  @Override
  public void close() throws Exception {
    host.close();
    server.close();
  }
}
