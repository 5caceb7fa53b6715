package io.easyagent.acceptance.realhost;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real host with the sidecar's distribution where the install script puts it, and its unit. Made
 * by the steps of that script, one method each, so that a test can leave one out or do it in
 * another way.
 */
public final class SidecarHost implements AutoCloseable {
  public static final String UNIT = "easyagent-sidecar.service";
  public static final String SCOPE = "easyagent-agents.scope";
  public static final String PROGRAM = "/usr/local/bin/easyagent-sidecar";
  public static final String HOME = "/opt/easyagent-sidecar";
  public static final String SETTINGS = "/etc/easyagent-sidecar/sidecar.yaml";
  public static final String DATA = "/var/lib/easyagent-sidecar";

  private final RealHost host;

  private SidecarHost(RealHost host) {
    this.host = host;
  }

  /** Boots a host and does everything: on return it is online. */
  public static SidecarHost boot(String name, ControlPlane server)
      throws IOException, InterruptedException {
    SidecarHost made = bootInstalled(name);
    try {
      made.enroll(server);
      made.start();
      server.await(name, Host.Status.online);
      return made;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError failure) {
      made.close();
      throw failure;
    }
  }

  /** Boots a host with everything in its place, neither enrolled nor started. */
  public static SidecarHost bootInstalled(String name) throws IOException, InterruptedException {
    RealHost host = RealHost.boot(name);
    try {
      install(host);
      return new SidecarHost(host);
    } catch (IOException | InterruptedException | RuntimeException | AssertionError failure) {
      host.close();
      throw failure;
    }
  }

  /** A host that has everything in its place already: its disk is a copy of another's. */
  public static SidecarHost on(RealHost host) {
    return new SidecarHost(host);
  }

  private static void install(RealHost host) throws IOException, InterruptedException {
    Path distribution = Distribution.sidecar();
    String version =
        distribution
            .getFileName()
            .toString()
            .replace("easyagent-sidecar-", "")
            .replaceFirst("-linux-[a-z0-9_]+$", "");
    host.shell(
            """
            set -e
            mkdir -p %1$s/versions /etc/easyagent-sidecar
            cp -a %2$s %1$s/versions/%3$s
            chown -R root:root %1$s/versions/%3$s
            ln -sfn versions/%3$s %1$s/current
            ln -sfn %1$s/current/bin/easyagent-sidecar %4$s
            install -D -m 755 -t %1$s/guard %1$s/current/lib/easyagent-sidecar-guard
            install -m 644 -t %1$s %1$s/current/release-keys
            install -m 600 /dev/null %5$s
            install -m 644 %1$s/current/lib/systemd/%6$s /etc/systemd/system/
            systemctl daemon-reload
            """
                .formatted(HOME, distribution, version, PROGRAM, SETTINGS, UNIT))
        .expect(0);
  }

  public RealHost host() {
    return host;
  }

  /** With a token of its own. */
  public RealHost.Result enroll(ControlPlane server, String... more)
      throws IOException, InterruptedException {
    return enroll(server, server.enrollToken(), more);
  }

  /**
   * @param more words for {@code easyagent-sidecar enroll}
   */
  public RealHost.Result enroll(ControlPlane server, EnrollToken token, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "enroll",
                "--server",
                server.hostAddress(),
                "--fingerprint",
                token.fingerprint(),
                "--token-file",
                "-"));
    command.addAll(List.of(more));
    return host.runWithInput(token.token().orElseThrow(), command.toArray(String[]::new)).expect(0);
  }

  /** Now and at every boot; returns once the sidecar is ready, which it is without the server. */
  public void start() throws IOException, InterruptedException {
    host.run("systemctl", "enable", "--now", UNIT).expect(0);
  }

  /** {@code systemctl VERB} on the sidecar's unit. */
  public RealHost.Result systemctl(String verb) throws IOException, InterruptedException {
    return host.run("systemctl", verb, UNIT);
  }

  /** {@code easyagent-sidecar WORD...} on the host. */
  public RealHost.Result sidecar(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(words));
    return host.run(command.toArray(String[]::new));
  }

  /** The sidecar's process; 0 when it does not run. */
  public int pid() throws IOException, InterruptedException {
    return Integer.parseInt(property("MainPID"));
  }

  /** A property of the unit, for example {@code ActiveState}. */
  public String property(String name) throws IOException, InterruptedException {
    return host.run("systemctl", "show", "--property", name, "--value", UNIT)
        .expect(0)
        .output()
        .strip();
  }

  /** What the unit wrote to the host's journal, in all boots. */
  public String log() throws IOException, InterruptedException {
    return host.run("journalctl", "--unit", UNIT, "--no-pager", "--output", "cat").output();
  }

  /** The end of {@link #log}; for messages. */
  public String lastLog() {
    try {
      return host.run(
              "journalctl", "--unit", UNIT, "--no-pager", "--output", "cat", "--lines", "60")
          .output();
    } catch (IOException failure) {
      return failure.toString();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return interrupted.toString();
    }
  }

  /** Ends the host and throws its disk away. */
  @Override
  public void close() throws IOException, InterruptedException {
    host.close();
  }
}
