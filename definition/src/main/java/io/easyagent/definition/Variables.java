package io.easyagent.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The variables that a definition may name in double braces. Hosts resolve them; here only their
 * names are checked, so that a misspelt one fails before anything is sent.
 */
public final class Variables {
  private static final String ESCAPED = "{{{{";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,255}");
  private static final Pattern LABEL_OR_FACT =
      Pattern.compile("(label|fact)\\.[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final Set<String> EVERYWHERE =
      Set.of("host.id", "host.name", "agent.id", "agent.name", "package", "config", "data", "logs");

  private static final Set<String> FOLDERS = Set.of("package", "config", "data", "logs");

  private Variables() {}

  /** Where a text stands: what it may name follows from it. */
  public enum Use {
    COMMAND,
    VALIDATE_COMMAND,
    TEXT
  }

  /** What is wrong with each variable that the text names, in order; empty when all is well. */
  static List<String> faults(String text, Use use, boolean hasPackage) {
    return names(text).stream()
        .distinct()
        .map(name -> fault(name, use, hasPackage))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether the text names any variable. */
  static boolean appearIn(String text) {
    return !names(text).isEmpty();
  }

  /** Whether the text begins with a variable that is a folder, as a program's path may. */
  static boolean beginsWithFolder(String text) {
    List<String> names = names(text);
    return text.startsWith("{{") && !text.startsWith(ESCAPED) && FOLDERS.contains(names.getFirst());
  }

  /** The names between braces, in order; four braces stand for two that begin no variable. */
  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    int index = text.indexOf("{{");
    while (index >= 0) {
      if (text.startsWith(ESCAPED, index)) {
        index += ESCAPED.length();
      } else {
        int end = text.indexOf("}}", index);
        names.add(end < 0 ? "" : text.substring(index + 2, end).strip());
        index = end < 0 ? text.length() : end + 2;
      }
      index = text.indexOf("{{", index);
    }
    return names;
  }

  /** The secrets that the text names, each once, in order. */
  static List<String> secrets(String text) {
    return names(text).stream()
        .filter(name -> name.startsWith(SecretReferences.PREFIX))
        .map(name -> name.substring(SecretReferences.PREFIX.length()))
        .distinct()
        .toList();
  }

  private static Optional<String> secretFault(String name, Use use) {
    return switch (use) {
      case COMMAND, VALIDATE_COMMAND ->
          Optional.of(
              "{{"
                  + name
                  + "}} (expected: no secret in a command: every user of the host can read it)");
      case TEXT ->
          Names.isName(name.substring(SecretReferences.PREFIX.length()))
              ? Optional.empty()
              : Optional.of(
                  "{{" + name + "}} (expected: secret. and a name, " + Names.EXPECTED_NAME + ")");
    };
  }

  private static Optional<String> fault(String name, Use use, boolean hasPackage) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of(
          "{{ without a name and }} (expected: {{host.name}}; {{{{ stands for two braces)");
    }
    if (name.startsWith(SecretReferences.PREFIX)) {
      return secretFault(name, use);
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
                    "(expected: label.NAME, fact.NAME, secret.NAME, "
                        + String.join(", ", candidates)
                        + "; verbatim text belongs in `content`)"));
  }
}
