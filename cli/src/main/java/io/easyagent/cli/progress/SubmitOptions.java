package io.easyagent.cli.progress;

import io.easyagent.cli.session.Inputs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How something is submitted, and waited for. */
public final class SubmitOptions {
  @Mixin private WaitOptions waiting = new WaitOptions();

  @Option(names = "--detach", description = "do not wait; print the batch's id")
  private boolean detach;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "operations that have not started by then expire (default 15m, at most 24h)")
  private @Nullable String deadline;

  @Option(names = "--dry-run", description = "show what would be done; do nothing")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask, also for more than 50 hosts")
  private boolean yes;

  public WaitOptions waiting() {
    return waiting;
  }

  public boolean detach() {
    return detach;
  }

  public Optional<String> deadline() {
    return Inputs.checkedDuration("--deadline", Optional.ofNullable(deadline));
  }

  public boolean dryRun() {
    return dryRun;
  }

  public boolean yes() {
    return yes;
  }
}
