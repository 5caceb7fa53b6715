package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the hosts that a request is for. Waits for the store. */
public final class TargetResolver {
  private static final int MOST_REFERENCES = 10_000;
  private static final int MOST_SHOWN = 5;

  private final Hosts hosts;
  private final OptionalInt mostOfCaller;
  private final int most;

  /**
   * @param scope whose hosts there are, and how many of them at once
   * @param most hosts that any request may be for
   */
  public TargetResolver(Scoped<Hosts> hosts, Scope scope, int most) {
    this.hosts = hosts.within(scope);
    this.mostOfCaller = scope.mostHosts();
    this.most = most;
  }

  /**
   * What a request says; exactly one of the three.
   *
   * @param hosts names, ids or unambiguous id prefixes
   */
  public record Wanted(Optional<List<String>> hosts, Optional<String> selector, boolean all) {}

  /**
   * @param hosts sorted by name, then id; each once
   * @param shown the targets as they were asked for, for people
   */
  public record Resolved(List<HostBrief> hosts, String shown) {
    public Resolved {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * @throws RefusedException BAD_REQUEST when not exactly one of the three is given or the selector
   *     is none; NOT_FOUND or AMBIGUOUS for a host's name; NO_HOST_MATCHES; FORBIDDEN for more
   *     hosts than the caller may command at once; TOO_LARGE for more than anybody may
   */
  public Resolved resolve(Wanted wanted) {
    int given =
        (wanted.hosts().isPresent() ? 1 : 0)
            + (wanted.selector().isPresent() ? 1 : 0)
            + (wanted.all() ? 1 : 0);
    if (given != 1) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "targets: " + given + " given (expected: exactly one of hosts, selector and all)");
    }
    Resolved resolved = found(wanted);
    if (resolved.hosts().isEmpty()) {
      throw new RefusedException(
          ErrorCode.NO_HOST_MATCHES,
          "targets: no host matches " + (resolved.shown().isEmpty() ? "\"\"" : resolved.shown()));
    }
    if (mostOfCaller.isPresent() && resolved.hosts().size() > mostOfCaller.getAsInt()) {
      throw new RefusedException(tooMany(resolved.hosts().size(), mostOfCaller.getAsInt()));
    }
    return resolved;
  }

  /** What is said to a caller who may not command so many hosts at once. */
  public static Refusal tooMany(int hosts, int most) {
    return new Refusal(
        ErrorCode.FORBIDDEN,
        "targets: %d hosts (expected: at most %d at once with this token)".formatted(hosts, most));
  }

  private Resolved found(Wanted wanted) {
    if (wanted.hosts().isPresent()) {
      return named(wanted.hosts().get());
    }
    if (wanted.selector().isPresent()) {
      String text = wanted.selector().get();
      return new Resolved(
          hosts(hosts.select(SelectorParser.parse(text))),
          "-l " + (text.isBlank() ? "\"\"" : text));
    }
    return new Resolved(hosts(hosts.all()), "--all");
  }

  private List<HostBrief> hosts(List<HostId> ids) {
    if (ids.size() > most) {
      throw new RefusedException(
          ErrorCode.TOO_LARGE,
          "targets: %d hosts (expected: at most %d in one request, maxBatchHosts of the server's server.yaml; choose fewer with a selector, or raise it)"
              .formatted(ids.size(), most));
    }
    return hosts.briefs(ids);
  }

  private Resolved named(List<String> references) {
    int mostReferences = Math.min(MOST_REFERENCES, most);
    if (references.size() > mostReferences) {
      throw new RefusedException(
          ErrorCode.TOO_LARGE,
          "targets.hosts: " + references.size() + " (expected: at most " + mostReferences + ")");
    }
    Map<HostId, HostBrief> found = new LinkedHashMap<>();
    List<Refusal> refusals = new ArrayList<>();
    for (String reference : references) {
      switch (hosts.match(reference)) {
        case HostMatch.Found match -> found.put(match.host().id(), match.host().brief());
        case HostMatch.Ambiguous match -> refusals.add(HostReference.ambiguous(reference, match));
        case HostMatch.Missing _ -> refusals.add(HostReference.missing(reference));
      }
    }
    if (!refusals.isEmpty()) {
      throw new RefusedException(together(refusals));
    }
    List<HostBrief> sorted =
        found.values().stream()
            .sorted(
                Comparator.comparing(HostBrief::name).thenComparing(host -> host.id().toString()))
            .toList();
    return new Resolved(sorted, shown(references));
  }

  private static Refusal together(List<Refusal> refusals) {
    Refusal first = refusals.getFirst();
    return new Refusal(
        first.code(),
        refusals.size() == 1
            ? first.message()
            : first.message() + " (and " + (refusals.size() - 1) + " more)",
        refusals.stream().limit(100).flatMap(refusal -> refusal.faults().stream()).toList());
  }

  private static String shown(List<String> references) {
    String shown =
        String.join(" ", references.stream().limit(MOST_SHOWN).map(HostText::word).toList());
    int more = references.size() - MOST_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
