package io.easyagent.server.access;

import io.easyagent.server.fleet.Labels;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Writer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** Enrolment tokens in the store. */
public final class StoredEnrollTokens implements EnrollTokens {
  private static final String PREFIX = "eae_";
  private static final int MOST_USES = 100_000;
  private static final int MOST_NETWORKS = 64;
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofDays(30);

  private final EnrollTokenStore store;
  private final Reader reader;
  private final Writer writer;
  private final IdMint ids;
  private final SecureRandom random;
  private final InstantSource clock;

  public StoredEnrollTokens(
      EnrollTokenStore store,
      Reader reader,
      Writer writer,
      IdMint ids,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Created create(NewEnrollToken wanted, Writer.Action alongside) {
    check(wanted);
    Instant now = clock.instant();
    EnrollToken token =
        new EnrollToken(
            ids.next(),
            wanted.labels(),
            wanted.uses(),
            wanted.uses(),
            wanted.networks(),
            wanted.ephemeral(),
            now,
            now.plus(wanted.lifetime()),
            wanted.createdBy());
    String secret = Secrets.mint(PREFIX, random);
    writer.run(transaction -> {
      store.deleteExpiredBefore(transaction, now.minus(KEPT));
      store.insert(transaction, token, Secrets.hash(secret));
      alongside.run(transaction);
    });
    return new Created(token, secret);
  }

  private static void check(NewEnrollToken wanted) {
    Labels.check(wanted.labels());
    if (wanted.uses() < 1 || wanted.uses() > MOST_USES) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "uses: %d (expected: 1 to %d)".formatted(wanted.uses(), MOST_USES));
    }
    if (wanted.lifetime().compareTo(SHORTEST) < 0 || wanted.lifetime().compareTo(LONGEST) > 0) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "lifetime: " + wanted.lifetime() + " (expected: 1s to 30d)");
    }
    if (wanted.networks().size() > MOST_NETWORKS) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "networks: %d (expected: at most %d)".formatted(wanted.networks().size(), MOST_NETWORKS));
    }
    wanted.networks().forEach(Network::parse);
  }

  @Override
  public Page<EnrollToken> page(PageRequest request) {
    return reader.read(transaction -> store.page(transaction, request));
  }

  @Override
  public boolean revoke(UUID id, Writer.Action alongside) {
    return writer.write(transaction -> {
      boolean found = store.delete(transaction, id);
      if (found) {
        alongside.run(transaction);
      }
      return found;
    });
  }
}
