package io.easyagent.server.session.rpc;

import io.easyagent.server.transport.Admission;
import java.util.function.LongSupplier;

/**
 * How much is let in at once.
 *
 * @param enrolments each costs a signature and a commit
 * @param sessions each costs a commit, and an inventory soon after
 * @param events whose commit is waited for, in all batches together: one after another they take
 *     some seconds at most, so that no host gives its batch up and nothing else waits long
 */
public record Admissions(Admission enrolments, Admission sessions, Admission events) {
  /** What a server with two cores can do while it goes on with its other work. */
  public static Admissions usual(LongSupplier nanoTime) {
    return new Admissions(
        new Admission(128, 200, nanoTime),
        new Admission(512, 500, nanoTime),
        new Admission(16_000, 4_000, nanoTime));
  }
}
