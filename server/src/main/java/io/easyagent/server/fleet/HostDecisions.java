package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.InstantSource;
import java.util.Locale;

/**
 * What only an operator can decide about who is a host. Methods wait for the store: call them on
 * virtual threads.
 */
public final class HostDecisions {
  private final HostStore hosts;
  private final CopyStore copies;
  private final HostApproval approval;
  private final Writer writer;
  private final InstantSource clock;

  public HostDecisions(
      HostStore hosts,
      CopyStore copies,
      HostApproval approval,
      Writer writer,
      InstantSource clock) {
    this.hosts = hosts;
    this.copies = copies;
    this.approval = approval;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * Which of the machines that claim a host's identity keeps it: its next session is taken, the
   * others are refused.
   *
   * @param keep a copy's id, its address, its host name, or the beginning of its machine id
   * @param alongside done in the same transaction, when it is decided
   * @throws RefusedException NOT_FOUND for an unknown host or copy, AMBIGUOUS when the word stands
   *     for several copies, CONFLICT when the host is not conflicted
   */
  public Host resolve(HostId id, String keep, Writer.Action alongside) {
    return writer.write(transaction -> {
      Host host = require(transaction, id);
      if (host.status() != HostStatus.CONFLICTED) {
        throw new RefusedException(ErrorCode.CONFLICT, is(host, "conflicted"));
      }
      HostCopy kept = CopyChoice.require(host.copies(), keep);
      if (!copies.keep(transaction, id, kept, clock.instant())) {
        throw new RefusedException(ErrorCode.CONFLICT, is(host, "conflicted"));
      }
      alongside.run(transaction);
      return require(transaction, id);
    });
  }

  /**
   * A pending host is one of the fleet: the certificates that it presented count.
   *
   * @param alongside done in the same transaction, when it is approved
   * @throws RefusedException NOT_FOUND for an unknown host, CONFLICT when it is not pending
   */
  public Host approve(HostId id, Writer.Action alongside) {
    return writer.write(transaction -> {
      Host host = require(transaction, id);
      if (!hosts.approve(transaction, id, clock.instant())) {
        throw new RefusedException(ErrorCode.CONFLICT, is(host, "pending"));
      }
      approval.approving(transaction, id);
      alongside.run(transaction);
      return require(transaction, id);
    });
  }

  private Host require(Transaction transaction, HostId id) {
    return hosts
        .find(transaction, id)
        .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no host " + id));
  }

  private static String is(Host host, String expected) {
    return "host %s is %s (expected: %s)"
        .formatted(host.name(), host.status().name().toLowerCase(Locale.ROOT), expected);
  }
}
