package io.easyagent.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The server as it is, by a clock of the test's. */
public final class ClockedServer {
  private ClockedServer() {}

  /**
   * @param hostPort 0: any free one
   * @param further settings of {@code server.yaml}
   */
  public static Server start(
      Path data, int hostPort, InstantSource clock, Map<String, String> further) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "data", data.toString(),
                "bind", "127.0.0.1",
                "hostPort", String.valueOf(hostPort),
                "operatorPort", "0",
                "names", "127.0.0.1"));
    settings.putAll(further);
    return Server.start(
        ServerConfigFile.read(Optional.empty(), settings), UnaryOperator.identity(), clock);
  }
}
