package io.easyagent.server.access;

import io.easyagent.server.fleet.ReservedLabels;
import io.easyagent.server.fleet.Selector;
import io.easyagent.server.fleet.SelectorParser;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Gives, checks and takes back operators' access. Methods wait for the store. */
public final class OperatorTokens implements ReservedLabels {
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

  /**
   * What a token is asked to allow; see {@link OperatorToken}.
   *
   * @param hosts a selector of labels: facts are the hosts' own word
   */
  public record Wanted(
      String name,
      Role role,
      boolean exec,
      OptionalInt mostHosts,
      Optional<String> hosts,
      Duration lifetime) {
    /** For every host, any number of them. */
    public Wanted(String name, Role role, boolean exec, Duration lifetime) {
      this(name, role, exec, OptionalInt.empty(), Optional.empty(), lifetime);
    }
  }

  /**
   * As {@link #create}, on behalf of somebody who cannot give more than he has.
   *
   * @throws RefusedException FORBIDDEN when he would
   */
  public Created createBy(OperatorToken creator, Wanted wanted, AuditEntry.Origin origin) {
    if (!creator.role().allows(wanted.role())) {
      throw more(creator, "role " + wanted.role().text(), "at most " + creator.role().text());
    }
    if (wanted.exec() && !creator.exec()) {
      throw more(creator, "exec", "none");
    }
    if (creator.hosts().isPresent()) {
      throw more(creator, "a token", "none, as it is for the hosts " + creator.hosts().get());
    }
    int most = creator.mostHosts().orElse(Integer.MAX_VALUE);
    if (wanted.mostHosts().orElse(Integer.MAX_VALUE) > most) {
      throw more(
          creator,
          "maxHosts "
              + (wanted.mostHosts().isPresent() ? wanted.mostHosts().getAsInt() : "unlimited"),
          "1 to " + most);
    }
    return create(wanted, origin);
  }

  private static RefusedException more(OperatorToken creator, String what, String expected) {
    return new RefusedException(
        ErrorCode.FORBIDDEN,
        "%s: more than the token %s has itself (expected: %s)"
            .formatted(what, creator.name(), expected));
  }

  /**
   * @throws RefusedException CONFLICT when a valid token has the name; BAD_REQUEST for a selector
   *     that is none, is empty or asks for facts
   */
  public Created create(Wanted wanted, AuditEntry.Origin origin) {
    wanted.hosts().ifPresent(OperatorTokens::checkSelector);
    String secret = Secrets.mint(PREFIX, random);
    Instant now = clock.instant();
    OperatorToken token =
        new OperatorToken(
            ids.next(),
            wanted.name(),
            wanted.role(),
            wanted.exec(),
            wanted.mostHosts(),
            wanted.hosts(),
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

  private static void checkSelector(String text) {
    Selector selector = SelectorParser.parse(text);
    if (selector.requirements().isEmpty()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "hosts: empty (expected: a selector, like team=web)");
    }
    selector.requirements().stream()
        .map(Selector.Requirement::subject)
        .filter(Selector.Subject.Fact.class::isInstance)
        .findFirst()
        .ifPresent(fact -> {
          throw new RefusedException(
              ErrorCode.BAD_REQUEST,
              "hosts: fact.%s (expected: labels only; a host itself says what its facts are)"
                  .formatted(fact.name()));
        });
  }

  @Override
  public Set<String> names(Transaction transaction) {
    Set<String> names = new TreeSet<>();
    store.selectors(transaction, clock.instant()).stream()
        .map(SelectorParser::parse)
        .flatMap(selector -> selector.requirements().stream())
        .forEach(requirement -> names.add(requirement.subject().name()));
    return names;
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

  /** Whether the token still lets its holder in. */
  public boolean isValid(OperatorToken token) {
    Instant now = clock.instant();
    return now.isBefore(token.expiresAt())
        && reader.read(transaction -> store.find(transaction, token.id())).isPresent();
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
    return "token %s (%s%s%s%s)"
        .formatted(
            token.name(),
            token.role().text(),
            token.exec() ? ", exec" : "",
            token.mostHosts().isPresent() ? ", maxHosts " + token.mostHosts().getAsInt() : "",
            token.hosts().map(hosts -> ", hosts " + hosts).orElse(""));
  }
}
