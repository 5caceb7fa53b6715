package io.easyagent.acceptance.identity;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that are not to stay. */
final class EphemeralIT {
  @Test
  void anEphemeralHostLeavesWhenItsMachineShutsDown(@TempDir Path folder) throws Exception {
    try (SidecarHost sidecar = SidecarHost.bootInstalled("iden-ephemeral");
        ControlPlane server = new ControlPlane(folder);
        EasyAgentClient client = server.client()) {
      RealHost host = sidecar.host();
      sidecar.enroll(
          server,
          client.createEnrollToken(
              new EnrollTokenRequest(
                  Optional.empty(),
                  Optional.of(1),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(true))));
      sidecar.start();
      server.await(host.name(), Host.Status.online);

      host.reboot();
      Eventually.await(
          Duration.ofSeconds(30),
          "the host is gone",
          () -> client.hosts(HostQuery.all()).collect(1).items().isEmpty());
    }
  }
}
