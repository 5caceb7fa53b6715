package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The audit log. Every entry carries a hash over itself and the one before it, so that an entry
 * that is changed or taken out later shows. An act's entry is written with the act, in one
 * transaction: there is never one without the other. Whoever can write the store can make a chain
 * anew; that shows only to those who have kept a {@link AuditHead}.
 */
public final class Audit {
  /** What the first entry's hash is chained to. */
  private static final String BEFORE_THE_FIRST = "0".repeat(64);

  private static final int LONGEST_SUBJECT = 500;
  private static final int PORTION = 1000;

  private final AuditStore store;
  private final Reader reader;
  private final Writer writer;
  private final InstantSource clock;

  public Audit(AuditStore store, Reader reader, Writer writer, InstantSource clock) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.clock = clock;
  }

  /** Writes the entry of an act that the same transaction does. */
  public void append(Transaction transaction, AuditEntry.Origin origin, AuditEntry.Act act) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var last = store.last(transaction);
    long sequence = last.map(AuditEntry::sequence).orElse(0L) + 1;
    String before = last.map(AuditEntry::hash).orElse(BEFORE_THE_FIRST);
    AuditEntry.Act bounded = new AuditEntry.Act(act.action(), bounded(act.subject()), act.hosts());
    store.insert(
        transaction,
        new AuditEntry(
            sequence, now, origin, bounded, hash(before, sequence, now, origin, bounded)));
  }

  /** Writes the entry in the transaction of the act that it is done alongside of. */
  public Writer.Action entry(AuditEntry.Origin origin, AuditEntry.Act act) {
    return transaction -> append(transaction, origin, act);
  }

  /** Writes the entry of an act that is done next; returns once it is on disk. */
  public void announce(AuditEntry.Origin origin, AuditEntry.Act act) {
    writer.run(transaction -> append(transaction, origin, act));
  }

  /** The end of the chain as it is now; to be kept where the server cannot change it. */
  public AuditHead head() {
    return reader
        .read(store::last)
        .map(last -> new AuditHead(last.sequence(), last.hash()))
        .orElse(new AuditHead(0, BEFORE_THE_FIRST));
  }

  /**
   * Computes the whole chain again, in small portions: the server goes on meanwhile.
   *
   * @param kept a head that the chain must still lead through
   */
  public AuditVerification verify(Optional<AuditHead> kept) {
    while (true) {
      Optional<AuditAnchor> anchor = reader.read(store::anchor);
      AuditVerification found = verify(anchor, kept);
      // what was removed meanwhile is not missing
      if (found.fault().isEmpty() || anchor.equals(reader.read(store::anchor))) {
        return found;
      }
    }
  }

  private AuditVerification verify(Optional<AuditAnchor> anchor, Optional<AuditHead> kept) {
    Optional<AuditHead> removed = anchor.map(AuditAnchor::removed);
    AuditHead at = removed.orElse(new AuditHead(0, BEFORE_THE_FIRST));
    Optional<String> said = Optional.empty();
    Optional<String> fault = tooOld(kept, at);
    if (fault.isEmpty()) {
      fault = keptFault(kept, at);
    }
    List<AuditEntry> portion = portion(at);
    while (fault.isEmpty() && !portion.isEmpty()) {
      for (AuditEntry entry : portion) {
        fault = fault(at, entry);
        if (fault.isPresent()) {
          return new AuditVerification(removed, at, fault);
        }
        at = new AuditHead(entry.sequence(), entry.hash());
        fault = keptFault(kept, at);
        if (fault.isPresent()) {
          return new AuditVerification(removed, at, fault);
        }
        if (entry.act().action().equals(AuditAnchor.ACTION)) {
          said = Optional.of(entry.act().subject());
        }
      }
      portion = portion(at);
    }
    if (fault.isEmpty()) {
      fault = beginningFault(anchor, said);
    }
    AuditHead last = at;
    return new AuditVerification(
        removed,
        last,
        fault.or(() ->
            kept.filter(head -> head.sequence() > last.sequence())
                .map(head ->
                    "the log ends at entry %d (expected: entry %d of the kept head; entries were taken away, or the store is an older one)"
                        .formatted(last.sequence(), head.sequence()))));
  }

  private static Optional<String> tooOld(Optional<AuditHead> kept, AuditHead begin) {
    return kept.filter(head -> head.sequence() < begin.sequence())
        .map(head ->
            "the log begins after entry %d: whether it leads through entry %d of the kept head cannot be told any more (expected: a head that was kept later)"
                .formatted(begin.sequence(), head.sequence()));
  }

  /** What was removed, the log itself must say; its last word on it counts. */
  private static Optional<String> beginningFault(
      Optional<AuditAnchor> anchor, Optional<String> said) {
    return anchor
        .filter(begin -> !said.equals(Optional.of(begin.subject())))
        .map(begin ->
            "the log begins after entry %d, and no entry says that those before it were removed: somebody took them away"
                .formatted(begin.removed().sequence()));
  }

  private List<AuditEntry> portion(AuditHead after) {
    return reader.read(transaction -> store.from(transaction, after.sequence() + 1, PORTION));
  }

  private static Optional<String> fault(AuditHead before, AuditEntry entry) {
    if (entry.sequence() != before.sequence() + 1) {
      return Optional.of(
          "entry %d is missing (found: entry %d)"
              .formatted(before.sequence() + 1, entry.sequence()));
    }
    String expected =
        hash(before.hash(), entry.sequence(), entry.at(), entry.origin(), entry.act());
    return expected.equals(entry.hash())
        ? Optional.empty()
        : Optional.of(
            "entry %d was changed, or one before it (its hash is not that of its content)"
                .formatted(entry.sequence()));
  }

  private static Optional<String> keptFault(Optional<AuditHead> kept, AuditHead at) {
    return kept.filter(head -> head.sequence() == at.sequence() && !head.hash().equals(at.hash()))
        .map(head ->
            "entry %d is not the one of the kept head: the log was written anew"
                .formatted(head.sequence()));
  }

  /** Newest first. */
  public Page<AuditEntry> page(PageRequest request) {
    return reader.read(transaction -> store.page(transaction, request));
  }

  /**
   * The hash of an entry: SHA-256 over its fields and the hash before it, each field with its
   * length in front, so that no two entries are written the same.
   */
  static String hash(
      String before, long sequence, Instant at, AuditEntry.Origin origin, AuditEntry.Act act) {
    StringBuilder text = new StringBuilder();
    for (String field :
        new String[] {
          before,
          String.valueOf(sequence),
          String.valueOf(at.toEpochMilli()),
          origin.actor(),
          origin.address(),
          act.action(),
          act.subject(),
          String.valueOf(act.hosts())
        }) {
      text.append(field.length()).append(':').append(field);
    }
    return Secrets.hash(text.toString());
  }

  private static String bounded(String subject) {
    return subject.length() <= LONGEST_SUBJECT
        ? subject
        : subject.substring(0, LONGEST_SUBJECT) + "…";
  }
}
