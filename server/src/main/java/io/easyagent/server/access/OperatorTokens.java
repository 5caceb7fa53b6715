package io.easyagent.server.access;

import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Gives, checks and takes back operators' access. Methods wait for the store. */
public final class OperatorTokens {
  public static final Duration USUAL_LIFETIME = Duration.ofDays(90);
  public static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

  private static final String PREFIX = "ea_";
  private static final int LONGEST_SECRET = 128;
  private static final Duration KEPT_EXPIRED = Duration.ofDays(30);

  private final OperatorTokenStore store;
  private final Reader reader;
  private final Writer writer;
  private final Audit audit;
  private final IdMint ids;
  private final InstantSource clock;
  private final SecureRandom random;

  public OperatorTokens(
      OperatorTokenStore store,
      Reader reader,
      Writer writer,
      Audit audit,
      IdMint ids,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
  }

  /**
   * @param secret shown this once
   */
  public record Created(OperatorToken token, String secret) {
    @Override
    public String toString() {
      return "Created[" + token + "]";
    }
  }

  /** What a token is asked to allow. */
  public record Wanted(String name, Role role, boolean exec, Duration lifetime) {}

  /**
   * @throws RefusedException CONFLICT when a valid token has the name
   */
  public Created create(Wanted wanted, AuditEntry.Origin origin) {
    String secret = Secrets.mint(PREFIX, random);
    Instant now = clock.instant();
    OperatorToken token =
        new OperatorToken(
            ids.next(),
            wanted.name(),
            wanted.role(),
            wanted.exec(),
            now,
            now.plus(wanted.lifetime()));
    writer.run(transaction -> {
      if (store.findValid(transaction, token.name(), now).isPresent()) {
        throw new RefusedException(
            ErrorCode.CONFLICT,
            "name: " + token.name() + " (expected: a name that no valid token has)");
      }
      store.insert(transaction, token, Secrets.hash(secret));
      store.deleteExpired(transaction, now.minus(KEPT_EXPIRED));
      audit.append(transaction, origin, new AuditEntry.Act("token.create", subject(token), 0));
    });
    return new Created(token, secret);
  }

  /** The valid token with the secret. */
  public Optional<OperatorToken> authenticate(String secret) {
    if (!secret.startsWith(PREFIX) || secret.length() > LONGEST_SECRET) {
      return Optional.empty();
    }
    String hash = Secrets.hash(secret);
    Instant now = clock.instant();
    return reader
        .read(transaction -> store.findByHash(transaction, hash))
        .filter(token -> now.isBefore(token.expiresAt()));
  }

  public boolean hasAdmin() {
    return reader.read(transaction -> store.hasAdmin(transaction, clock.instant()));
  }

  /** Newest first. */
  public Page<OperatorToken> page(PageRequest request) {
    return reader.read(transaction -> store.page(transaction, request));
  }

  /** Nobody is let in with it any more. False when there is none. */
  public boolean revoke(UUID id, AuditEntry.Origin origin) {
    Writer.Work<Boolean> work = transaction -> revoke(transaction, id, origin);
    return writer.write(work);
  }

  private boolean revoke(Transaction transaction, UUID id, AuditEntry.Origin origin) {
    Optional<OperatorToken> deleted = store.delete(transaction, id);
    deleted.ifPresent(token ->
        audit.append(transaction, origin, new AuditEntry.Act("token.revoke", subject(token), 0)));
    return deleted.isPresent();
  }

  private static String subject(OperatorToken token) {
    return "token %s (%s%s)"
        .formatted(token.name(), token.role().text(), token.exec() ? ", exec" : "");
  }
}
