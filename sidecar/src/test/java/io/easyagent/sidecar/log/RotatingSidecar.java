package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.Layout.Live;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A JVM of its own that rotates a log until it ends, as kill -9 would end it, at a step. */
final class RotatingSidecar {
  private RotatingSidecar() {}

  /** What is rotated, and how. */
  enum Manner {
    FREEING,
    EMPTYING,
    COMPRESSING,
    RENEWING;

    FreedSpace space() {
      return this == EMPTYING ? LoggingAgent.NO_HOLES : FreedSpace.OF_FILE_SYSTEM;
    }

    LogRule rule(int keep) {
      return new LogRule(64 << 10, keep, Optional.empty(), this == COMPRESSING);
    }
  }

  static Process start(Path folder, Manner manner, RotationStep crashAt, int keep)
      throws IOException {
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
                RotatingSidecar.class.getName(),
                folder.toString(),
                manner.name(),
                crashAt.name(),
                Integer.toString(keep)))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("second.out").toFile())
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    Manner manner = Manner.valueOf(arguments[1]);
    RotationStep crashAt = RotationStep.valueOf(arguments[2]);
    AgentLog log =
        new LoggingAgent(Path.of(arguments[0]))
            .log(
                manner.space(),
                step -> {
                  if (step == crashAt) {
                    Runtime.getRuntime().halt(137);
                  }
                });
    LogRule rule = manner.rule(Integer.parseInt(arguments[3]));
    while (true) {
      Layout layout = log.tend(rule, Live.NONE).layout();
      if (manner == Manner.RENEWING && !layout.files().isEmpty()) {
        log.renew();
      }
    }
  }
}
