package io.easyagent.server.access;

import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Entries of the audit log are kept for a time and in a number. What is removed, up to which number
 * and hash, is an entry of the log itself, so that nobody takes away more unseen; to write few of
 * those, a day's entries go at once. The newest entry always stays.
 */
public final class OldAuditEntries implements Forgetting {
  private static final Duration AT_ONCE = Duration.ofDays(1);

  /** A twentieth of what is kept may be too much before it is removed, and always so many. */
  private static final long PART = 20;

  private static final long FEW = 10;

  private final Audit audit;
  private final AuditStore store;
  private final Bound bound;
  private final InstantSource clock;

  /**
   * @param bound of entries
   */
  public OldAuditEntries(Audit audit, AuditStore store, Bound bound, InstantSource clock) {
    this.audit = audit;
    this.store = store;
    this.bound = bound;
    this.clock = clock;
  }

  @Override
  public String what() {
    return "audit entries";
  }

  @Override
  public Plan plan(Transaction reading) {
    Optional<AuditAnchor> anchor = store.anchor(reading);
    long begin = anchor.map(at -> at.removed().sequence()).orElse(0L);
    long last = store.last(reading).map(AuditEntry::sequence).orElse(begin);
    Instant now = clock.instant();
    long target = begin;
    if (anchor.isEmpty() || !now.isBefore(anchor.get().movedAt().plus(AT_ONCE))) {
      target = store.firstSince(reading, begin, bound.oldest(now)).orElse(last + 1) - 1;
    }
    if (last - begin > bound.most() + Math.max(FEW, bound.most() / PART)) {
      target = Math.max(target, last - bound.most());
    }
    long up = Math.min(target, last - 1);
    if (up <= begin) {
      // what an earlier round left behind
      return (writing, most) -> store.removeUpTo(writing, begin, most);
    }
    AuditEntry entry = store.from(reading, up, 1).getFirst();
    AuditAnchor next = new AuditAnchor(new AuditHead(entry.sequence(), entry.hash()), now);
    AtomicBoolean stated = new AtomicBoolean();
    return (writing, most) -> {
      if (stated.compareAndSet(false, true)) {
        audit.append(
            writing,
            AuditEntry.Origin.SERVER,
            new AuditEntry.Act(AuditAnchor.ACTION, next.subject(), 0));
        store.putAnchor(writing, next);
        return 1;
      }
      return store.removeUpTo(writing, up, most);
    };
  }
}
