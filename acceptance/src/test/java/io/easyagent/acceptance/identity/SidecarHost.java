package io.easyagent.acceptance.identity;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.sidecar.SidecarMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A real host with the sidecar of this class path, as a unit that starts at boot. */
final class SidecarHost {
  private static final String UNIT = "/etc/systemd/system/sidecar.service";

  private final RealHost host;

  SidecarHost(RealHost host) {
    this.host = host;
  }

  private static List<String> program(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SidecarMain.class.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  RealHost.Result sidecar(String input, String... arguments)
      throws IOException, InterruptedException {
    return host.runWithInput(input, program(arguments).toArray(String[]::new));
  }

  /** With a new token of the server. */
  RealHost.Result enroll(ControlPlane server, String... more)
      throws IOException, InterruptedException {
    EnrollToken token;
    try (EasyAgentClient client = server.client()) {
      token =
          client.createEnrollToken(
              new EnrollTokenRequest(
                  Optional.empty(),
                  Optional.of(1),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "enroll",
                "--server",
                server.hostAddress(),
                "--fingerprint",
                token.fingerprint(),
                "--token-file",
                "-"));
    arguments.addAll(List.of(more));
    return sidecar(token.token().orElseThrow(), arguments.toArray(String[]::new));
  }

  void enable() throws IOException, InterruptedException {
    host.runWithInput(
            """
            [Service]
            ExecStart=%s
            KillMode=process
            Restart=always
            RestartSec=1
            SuccessExitStatus=143
            [Install]
            WantedBy=multi-user.target
            """
                .formatted(String.join(" ", program("run"))),
            "tee",
            UNIT)
        .expect(0);
    host.run("systemctl", "enable", "--now", "sidecar").expect(0);
  }

  String status() throws IOException, InterruptedException {
    return sidecar("", "status").output();
  }
}
