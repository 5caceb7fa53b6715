package io.easyagent.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's configuration file. */
public final class ServerConfigTarget implements FuzzTarget {
  private final Path file;

  public ServerConfigTarget() {
    try {
      file = Files.createTempFile("fuzz-server-", ".yaml");
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        """
        data: /var/lib/easyagent
        bind: 0.0.0.0
        hostPort: 8890
        names: [easyagent.example.org, 10.0.0.1]
        metricsInterval: 30s
        """
            .getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) throws IOException {
    Files.write(file, input);
    try {
      ServerConfigFile.read(Optional.of(file), Map.of());
    } catch (IllegalArgumentException refused) {
      FuzzTarget.must(refused.getMessage() != null, "a refusal without a message");
    }
  }
}
