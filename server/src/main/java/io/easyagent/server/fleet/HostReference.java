package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;

/** What is said when a name, id or id prefix does not stand for exactly one host. */
public final class HostReference {
  private HostReference() {}

  /**
   * @throws RefusedException NOT_FOUND or AMBIGUOUS
   */
  public static Host require(Hosts hosts, String reference) {
    return switch (hosts.match(reference)) {
      case HostMatch.Found found -> found.host();
      case HostMatch.Ambiguous ambiguous ->
          throw new RefusedException(ambiguous(reference, ambiguous));
      case HostMatch.Missing _ -> throw new RefusedException(missing(reference));
    };
  }

  static Refusal missing(String reference) {
    String message = "there is no host " + HostText.word(reference);
    return new Refusal(
        ErrorCode.NOT_FOUND,
        message,
        java.util.List.of(new Refusal.Fault(HostText.word(reference), message)));
  }

  static Refusal ambiguous(String reference, HostMatch.Ambiguous ambiguous) {
    return new Refusal(
        ErrorCode.AMBIGUOUS,
        "%s stands for %d hosts or more (expected: an id or a longer prefix)"
            .formatted(HostText.word(reference), ambiguous.candidates().size()),
        ambiguous.candidates().stream()
            .map(host -> new Refusal.Fault(HostText.word(reference), host.id() + " " + host.name()))
            .toList());
  }
}
