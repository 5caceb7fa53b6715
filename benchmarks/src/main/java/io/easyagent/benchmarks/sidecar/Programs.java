package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs to their end. */
final class Programs {
  private Programs() {}

  /**
   * What it printed.
   *
   * @throws BenchException with what it printed, when it did not end with 0
   */
  static String output(List<String> command)
      throws IOException, InterruptedException, BenchException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // The flags that are measured are the distribution's own.
    builder.environment().remove("EASYAGENT_JAVA_OPTS");
    Process process = builder.start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new BenchException(String.join(" ", command) + ": " + said);
    }
    return said;
  }
}
