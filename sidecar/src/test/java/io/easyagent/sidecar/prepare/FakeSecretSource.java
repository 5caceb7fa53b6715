package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.secret.HeldSecret;
import io.easyagent.sidecar.secret.SecretValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in memory, over a link that breaks when the test says so. */
public final class FakeSecretSource implements SecretSource {
  private final Map<String, HeldSecret> secrets = new ConcurrentHashMap<>();
  private int breaks;

  public void set(String name, String value) {
    secrets.merge(
        name,
        new HeldSecret(name, 1, new SecretValue(value)),
        (before, _) -> new HeldSecret(name, before.version() + 1, new SecretValue(value)));
  }

  /** So many reads find no server. */
  public synchronized void breakLink(int times) {
    breaks = times;
  }

  @Override
  public synchronized List<HeldSecret> read(AgentId agent, Set<String> names)
      throws PrepareException, IOException {
    if (breaks > 0) {
      breaks--;
      throw new IOException("no session with a server");
    }
    List<HeldSecret> found = new ArrayList<>();
    for (String name : names) {
      HeldSecret secret = secrets.get(name);
      if (secret == null) {
        throw new PrepareException("secrets: there is no secret " + name);
      }
      found.add(secret);
    }
    return found;
  }
}
