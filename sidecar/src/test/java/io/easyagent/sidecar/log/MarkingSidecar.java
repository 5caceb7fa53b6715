package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that keeps a log until it is killed. */
final class MarkingSidecar {
  private MarkingSidecar() {}

  static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                MarkingSidecar.class.getName(),
                folder.toString()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("second.out").toFile())
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    try (LogKeeper keeper = new LogKeeper("boot", InstantSource.system(), System::nanoTime);
        KeptOutput output =
            keeper.keep(
                Path.of(arguments[0]),
                LoggingAgent.NAME,
                new LogRule(64 << 10, 100),
                AgentPause.IMPOSSIBLE,
                () -> {})) {
      output.begin();
      new CountDownLatch(1).await();
    }
  }
}
