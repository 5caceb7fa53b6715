package io.easyagent.cli.progress;

import io.easyagent.cli.session.Inputs;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long to wait. */
public final class WaitOptions {
  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "stop waiting after this, exit status 5; what was accepted goes on")
  private @Nullable String timeout;

  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout).map(text -> Inputs.duration("--timeout", text));
  }
}
