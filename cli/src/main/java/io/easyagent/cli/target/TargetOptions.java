package io.easyagent.cli.target;

import io.easyagent.api.Targets;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hosts that a command is for: some by name, all that a selector matches, or all. */
public final class TargetOptions {
  private static final int LARGEST_FILE = 4 << 20;

  @Option(
      names = "--host",
      paramLabel = "NAME|ID",
      description = "a host by name or the beginning of its id; repeatable")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = {"-l", "--hosts"},
      paramLabel = "SELECTOR|@FILE",
      description = {
        "hosts by labels and facts: role=web,env in (a,b),!canary,fact.os=debian;",
        "or a file of names, one a line (@- is standard input)"
      })
  private @Nullable String selector;

  @Option(names = "--all", description = "every host")
  private boolean all;

  /** What was typed, or nothing. */
  public Optional<Targets> find(Session session) {
    List<String> named = new ArrayList<>(hosts);
    Optional<String> labels = Optional.ofNullable(selector);
    if (labels.isPresent() && labels.get().startsWith("@")) {
      named.addAll(namesIn(session, labels.get().substring(1)));
      labels = Optional.empty();
    }
    if (labels.isPresent() && labels.get().isBlank()) {
      throw CommandException.usage(
          "--hosts: empty (expected: a selector such as role=web; an empty one matches no host, --all"
              + " is every host)");
    }
    int ways = (named.isEmpty() ? 0 : 1) + (labels.isPresent() ? 1 : 0) + (all ? 1 : 0);
    if (ways > 1) {
      throw CommandException.usage(
          "hosts given in two ways (expected: one of --host, --hosts and --all)");
    }
    return ways == 0
        ? Optional.empty()
        : Optional.of(
            new Targets(
                named.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(named)),
                labels,
                all ? Optional.of(true) : Optional.empty()));
  }

  /** What was typed. */
  public Targets require(Session session) {
    return find(session)
        .orElseThrow(() ->
            CommandException.usage(
                "for which hosts? (expected: --host NAME, --hosts SELECTOR, --hosts @FILE or"
                    + " --all)"));
  }

  private static List<String> namesIn(Session session, String file) {
    List<String> names =
        Inputs.text(session, "--hosts", file, LARGEST_FILE)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (names.isEmpty()) {
      throw CommandException.usage("--hosts: " + file + " names no host");
    }
    return names;
  }
}
