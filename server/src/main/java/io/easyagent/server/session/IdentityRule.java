package io.easyagent.server.session;

import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import java.util.List;

/** Whether the machine that presents a host's certificate is the host. A pure function. */
final class IdentityRule {
  private IdentityRule() {}

  /** What is to be done. */
  sealed interface Verdict {
    /**
     * It is the host.
     *
     * @param takesOver a session of another life of the sidecar is still open: its machine may have
     *     crashed without a word, or it is the one that was copied and will object
     */
    record TheHost(boolean takesOver) implements Verdict {}

    /** Two machines claim the identity; nobody has decided yet. */
    record TwoClaim(String why) implements Verdict {}

    /** They did so before, and still nobody has decided. */
    record Undecided() implements Verdict {}

    /** An operator has decided that another one is the host. */
    record Refused() implements Verdict {}
  }

  /**
   * @param copies that are known of the host
   * @param connected whether a session of the host is open
   * @param generation of the store
   */
  static Verdict judge(
      SessionRow last,
      List<HostCopy> copies,
      Registration registration,
      HostCopy claim,
      boolean connected,
      String generation) {
    if (last.status() == HostStatus.CONFLICTED) {
      return new Verdict.Undecided();
    }
    boolean opens = NonceRule.opens(last, registration.nonce(), generation);
    if (isRefused(copies, claim, opens)) {
      return new Verdict.Refused();
    }
    if (!opens) {
      return new Verdict.TwoClaim("it presents the nonce of an earlier session, as a copy would");
    }
    // A machine id never changes while its session is open.
    if (connected && !last.life().machineId().equals(registration.life().machineId())) {
      return new Verdict.TwoClaim("another machine with its identity is connected");
    }
    return new Verdict.TheHost(connected && isAnotherLife(last, registration));
  }

  /** Where the nonce alone tells, a new address does not make a refused copy the host. */
  private static boolean isRefused(List<HostCopy> copies, HostCopy claim, boolean opens) {
    return copies.stream()
        .filter(copy -> copy.standing() == HostCopy.Standing.REFUSED)
        .anyMatch(
            copy -> opens ? copy.id().equals(claim.id()) : copy.nonce().equals(claim.nonce()));
  }

  /** A boot or a start of the sidecar since; a machine that was moved alive is in the same life. */
  private static boolean isAnotherLife(SessionRow last, Registration registration) {
    return !last.life().bootId().equals(registration.life().bootId())
        || !last.life().instance().equals(registration.life().instance());
  }
}
