package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Commands with which a test prepares its host; one that fails fails the test. */
final class HostCommand {
  private HostCommand() {}

  static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS), command[0]);
    assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ": " + output);
  }
}
