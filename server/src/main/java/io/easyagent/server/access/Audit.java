package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The audit log. Every entry carries a hash over itself and the one before it, so that an entry
 * that is changed or taken out later shows. An act's entry is written with the act, in one
 * transaction, or, where the act has a transaction of its own, before it: there is never an act
 * without an entry.
 */
public final class Audit {
  /** What the first entry's hash is chained to. */
  private static final String BEFORE_THE_FIRST = "0".repeat(64);

  private static final int LONGEST_SUBJECT = 500;

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

  /** Writes the entry of an act that is done next; returns once it is on disk. */
  public void announce(AuditEntry.Origin origin, AuditEntry.Act act) {
    writer.run(transaction -> append(transaction, origin, act));
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
