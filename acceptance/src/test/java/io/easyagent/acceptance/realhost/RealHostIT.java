package io.easyagent.acceptance.realhost;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.client.EasyAgentClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealHostIT {
  @Test
  void aHostRunsTheDistributionAndFindsTheServerAgainAfterAPowerCut(@TempDir Path folder)
      throws Exception {
    try (RealHost host = RealHost.boot("rh-first");
        ControlPlane server = new ControlPlane(folder)) {
      EnrollToken token = enrollToken(server);
      String program = Distribution.sidecar().resolve("bin/easyagent-sidecar").toString();
      host.runWithInput(
              token.token().orElseThrow(),
              program,
              "enroll",
              "--server",
              server.hostAddress(),
              "--fingerprint",
              token.fingerprint(),
              "--token-file",
              "-")
          .expect(0);
      host.runWithInput(
              """
              [Service]
              ExecStart=%s run
              KillMode=process
              [Install]
              WantedBy=multi-user.target
              """
                  .formatted(program),
              "tee",
              "/etc/systemd/system/sidecar.service")
          .expect(0);
      host.run("systemctl", "enable", "--now", "sidecar").expect(0);
      server.await("rh-first", Host.Status.online);

      host.cutPower();
      host.switchOn();
      server.await("rh-first", Host.Status.online);
    }
  }

  private static EnrollToken enrollToken(ControlPlane server) throws IOException {
    try (EasyAgentClient client = server.client()) {
      return client.createEnrollToken(
          new EnrollTokenRequest(
              Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    }
  }
}
