package io.easyagent.acceptance.fleet;

import io.easyagent.server.ServerMain;
import io.easyagent.sidecar.SidecarMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The programs as they are delivered. */
public final class RealPrograms implements Programs {
  @Override
  public Jvm startServer(Path log, Path data, int hostPort, int operatorPort) throws IOException {
    return Jvm.start(
        ServerMain.class,
        log,
        Map.of(),
        "--data",
        data.toString(),
        "--bind",
        "127.0.0.1",
        "--name",
        "127.0.0.1",
        "--host-port",
        Integer.toString(hostPort),
        "--operator-port",
        Integer.toString(operatorPort));
  }

  @Override
  public Jvm startSidecar(Path log, Path data) throws IOException {
    return Jvm.start(SidecarMain.class, log, Map.of(), "run", "--data", data.toString());
  }
}
