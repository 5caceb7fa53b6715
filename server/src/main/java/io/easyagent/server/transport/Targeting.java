package io.easyagent.server.transport;

import io.easyagent.api.Targets;
import io.easyagent.server.access.Secrets;
import io.easyagent.server.fleet.TargetResolver;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What submissions have in common. */
public final class Targeting {
  private Targeting() {}

  public static TargetResolver.Wanted of(Targets targets) {
    return new TargetResolver.Wanted(
        targets.hosts(), targets.selector(), targets.all().orElse(false));
  }

  /** The caller's key with the digest of the body that it stands for. */
  public static Optional<IdempotencyKey> key(Request request, byte[] body) {
    return request
        .header("Idempotency-Key")
        .filter(key -> !key.isBlank())
        .map(key ->
            new IdempotencyKey(
                Secrets.hash(key), Secrets.hash(new String(body, StandardCharsets.ISO_8859_1))));
  }
}
