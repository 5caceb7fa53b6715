package io.easyagent.cli.session;

import io.easyagent.cli.console.OutputFormat;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What can be said with every command. */
public final class GlobalOptions {
  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description = "table (for people), json or yaml (the API's resources)")
  private OutputFormat output = OutputFormat.table;

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "another configuration file")
  private @Nullable Path config;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "show the stack trace of an error")
  private boolean debug;

  public OutputFormat output() {
    return output;
  }

  public Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  public boolean debug() {
    return debug;
  }
}
