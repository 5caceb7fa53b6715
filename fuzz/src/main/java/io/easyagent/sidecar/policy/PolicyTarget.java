package io.easyagent.sidecar.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.sidecar.config.ConfigurationException;
import java.util.List;

/** The host's own rules. */
public final class PolicyTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        """
        users: [beats, app]
        root: false
        paths: [/opt/monitoring]
        packages:
          names: [filebeat, "beats-*"]
          keys: [MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=]
        exec: false
        operations: [install, stop]
        environment: {allow: [TZ], refuse: ["*"]}
        health: {addresses: [127.0.0.1, 10.0.0.0/8, "::1"]}
        """
            .getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    try {
      Policy policy = PolicyText.read("policy.yaml", new String(input, UTF_8));
      FuzzTarget.must(
          policy.paths().orElse(List.of()).stream().allMatch(path -> path.isAbsolute()),
          "a folder that depends on the working folder");
      FuzzTarget.must(
          policy.users().isEmpty() || !policy.users().get().contains("root"), "root by name");
    } catch (ConfigurationException refused) {
      FuzzTarget.must(refused.getMessage() != null, "a refusal without a message");
    }
  }
}
