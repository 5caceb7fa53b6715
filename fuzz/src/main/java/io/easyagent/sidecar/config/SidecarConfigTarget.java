package io.easyagent.sidecar.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.util.List;

/** The sidecar's configuration file. */
public final class SidecarConfigTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        """
        server:
          addresses: [easyagent-1:8890, "[::1]:8890"]
          reconnect: 1s..15s
        data: /var/lib/easyagent-sidecar
        log:
          level: info
        """
            .getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    try {
      FuzzTarget.must(
          ConfigurationFile.parse("sidecar.yaml", new String(input, UTF_8)).data().isAbsolute(),
          "a data folder that depends on the working folder");
    } catch (ConfigurationException refused) {
      FuzzTarget.must(refused.getMessage() != null, "a refusal without a message");
    }
  }
}
