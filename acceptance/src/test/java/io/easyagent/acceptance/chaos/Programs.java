package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.server.ServerMain;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.sidecar.UnsafeSidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How server and sidecars are started: as they are delivered, or with a bug planted.
 *
 * @param sidecars the sidecars' bugs, by host; those that are not named have none
 */
record Programs(Map<String, Bug> sidecars) {
  static final Programs REAL = new Programs(Map.of());

  Programs {
    sidecars = Map.copyOf(sidecars);
  }

  Jvm startServer(
      Path log, Path data, int hostPort, int operatorPort, Map<String, String> environment)
      throws IOException {
    return Jvm.start(
        ServerMain.class,
        log,
        Map.of(),
        environment,
        List.of(
            "--data",
            data.toString(),
            "--bind",
            "127.0.0.1",
            "--name",
            "127.0.0.1",
            "--host-port",
            Integer.toString(hostPort),
            "--operator-port",
            Integer.toString(operatorPort)));
  }

  Jvm startSidecar(
      String host, Path log, Path data, Path configuration, Map<String, String> environment)
      throws IOException {
    Bug bug = sidecars.getOrDefault(host, Bug.NONE);
    return bug == Bug.NONE
        ? Jvm.start(
            SidecarMain.class,
            log,
            Map.of(),
            environment,
            List.of("run", "--config", configuration.toString(), "--data", data.toString()))
        : Jvm.start(
            UnsafeSidecar.class,
            log,
            Map.of(),
            environment,
            List.of(bug.name(), configuration.toString(), data.toString()));
  }
}
