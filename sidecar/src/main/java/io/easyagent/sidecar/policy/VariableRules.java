package io.easyagent.sidecar.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which environment variables the server may set. Beside what the file refuses there is a rule that
 * is built in: a variable that makes the loader run other code is refused to what runs as root,
 * and, where no command line may come from the server, a variable that is as good as one is refused
 * to everybody.
 *
 * @param allow exceptions from everything else
 */
public record VariableRules(List<NamePattern> allow, List<NamePattern> refuse) {
  static final VariableRules USUAL = new VariableRules(List.of(), List.of());

  /** What the dynamic loader and the libraries below every program take code from. */
  static final List<NamePattern> LOADER =
      patterns(
          "LD_*",
          "GCONV_PATH",
          "GLIBC_TUNABLES",
          "KRB5_CONFIG",
          "OPENSSL_CONF",
          "OPENSSL_ENGINES",
          "OPENSSL_MODULES");

  /** What shells and run-times take code, or the names of programs, from. */
  static final List<NamePattern> INTERPRETERS =
      patterns(
          "BASH_ENV",
          "CLASSPATH",
          "DOTNET_*",
          "ENV",
          "IFS",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "LUA_*",
          "NODE_*",
          "PATH",
          "PERL*",
          "PHP*",
          "PS4",
          "PYTHON*",
          "RUBY*",
          "SHELLOPTS",
          "_JAVA_OPTIONS");

  public VariableRules {
    allow = List.copyOf(allow);
    refuse = List.copyOf(refuse);
  }

  /**
   * @return why the variable is refused
   */
  Optional<String> against(String name, boolean asRoot, boolean exec) {
    if (NamePattern.anyMatches(allow, name)) {
      return Optional.empty();
    }
    String shown = "environment: " + Policy.shown(name);
    if (NamePattern.anyMatches(refuse, name)) {
      return Optional.of(shown + " (expected: none of environment.refuse: " + refuse + ")");
    }
    if (asRoot && NamePattern.anyMatches(LOADER, name)) {
      return Optional.of(shown + " (expected: no variable of the loader for what runs as root)");
    }
    if (!exec
        && (NamePattern.anyMatches(LOADER, name) || NamePattern.anyMatches(INTERPRETERS, name))) {
      return Optional.of(shown + " (expected: no variable that brings code, because exec: false)");
    }
    return Optional.empty();
  }

  private static List<NamePattern> patterns(String... texts) {
    return Stream.of(texts).map(NamePattern::new).toList();
  }
}
