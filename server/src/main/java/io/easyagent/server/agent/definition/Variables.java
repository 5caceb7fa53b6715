package io.easyagent.server.agent.definition;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a definition may name in double braces. Hosts resolve them; here only their
 * names are checked, so that a misspelt one fails before anything is sent.
 */
public final class Variables {
  private static final Pattern USE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*\\}\\}");
  private static final Pattern LABEL_OR_FACT =
      Pattern.compile("(label|fact)\\.[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final Set<String> EVERYWHERE =
      Set.of("host.id", "host.name", "agent.id", "agent.name", "package", "config", "data", "logs");

  private Variables() {}

  /** Where a text stands: what it may name follows from it. */
  public enum Use {
    COMMAND,
    VALIDATE_COMMAND,
    TEXT
  }

  /** What is wrong with each variable that the text names, in order; empty when all is well. */
  static List<String> faults(String text, Use use, boolean hasPackage) {
    return USE.matcher(text)
        .results()
        .map(result -> result.group(1))
        .distinct()
        .map(name -> fault(name, use, hasPackage))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether the text names any variable. */
  static boolean appearIn(String text) {
    return USE.matcher(text).find();
  }

  /** Whether the text begins with a variable that is a folder, as a program's path may. */
  static boolean beginsWithFolder(String text) {
    Matcher matcher = USE.matcher(text);
    return matcher.lookingAt()
        && Set.of("package", "config", "data", "logs").contains(matcher.group(1));
  }

  private static Optional<String> fault(String name, Use use, boolean hasPackage) {
    if (name.startsWith("secret.")) {
      return Optional.of(
          switch (use) {
            case COMMAND, VALIDATE_COMMAND ->
                "{{"
                    + name
                    + "}} (expected: no secret in a command: every user of the host can read it)";
            case TEXT -> "{{" + name + "}}: secrets are not available in this release";
          });
    }
    if (name.equals("package") && !hasPackage) {
      return Optional.of("{{package}} (expected: a definition with a package)");
    }
    if (EVERYWHERE.contains(name)
        || LABEL_OR_FACT.matcher(name).matches()
        || (use == Use.VALIDATE_COMMAND && name.equals("file"))) {
      return Optional.empty();
    }
    TreeSet<String> candidates = new TreeSet<>(EVERYWHERE);
    if (use == Use.VALIDATE_COMMAND) {
      candidates.add("file");
    }
    return Optional.of(
        "unknown variable {{"
            + name
            + "}} "
            + Nearest.find(name, candidates)
                .map(nearest -> "(did you mean {{" + nearest + "}}?)")
                .orElse(
                    "(expected: label.NAME, fact.NAME, "
                        + String.join(", ", candidates)
                        + "; verbatim text belongs in `content`)"));
  }
}
