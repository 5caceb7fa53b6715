package io.easyagent.acceptance.realhost;

import io.easyagent.api.Host;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealHostIT {
  @Test
  void aHostRunsTheDistributionAndFindsTheServerAgainAfterAPowerCut(@TempDir Path folder)
      throws Exception {
    try (SidecarHost sidecar = SidecarHost.bootInstalled("rh-first");
        ControlPlane server = new ControlPlane(folder)) {
      sidecar.enroll(server);
      sidecar.start();
      server.await("rh-first", Host.Status.online);

      sidecar.host().cutPower();
      sidecar.host().switchOn();
      server.await("rh-first", Host.Status.online);
    }
  }
}
