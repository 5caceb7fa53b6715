package io.easyagent.sidecar.log;

import static io.easyagent.sidecar.log.LoggingAgent.assertSame;
import static io.easyagent.sidecar.log.LoggingAgent.assertTail;
import static io.easyagent.sidecar.log.LoggingAgent.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.log.Layout.Live;
import io.easyagent.sidecar.log.RotatingSidecar.Manner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sidecar is killed with -9 at every step of a rotation while a process writes numbered lines;
 * the next one goes on. What is kept in the end is every line, once, in order.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledRotationIT {
  private static final int PORTION = 500;
  private static final int ALL = 1000;

  /** Until it is told to end, in portions, so that lines come before, in and after a rotation. */
  private static final String WRITER =
      """
      i=0
      until [ -e %1$s/stop ]; do
        seq $((i * %2$d + 1)) $(((i + 1) * %2$d))
        i=$((i + 1))
        sleep 0.01
      done
      echo $i > %1$s/portions
      """;

  @TempDir private Path folder;

  static Stream<Arguments> stepsOfEachManner() {
    return Arrays.stream(Manner.values())
        .flatMap(manner -> steps(manner).stream().map(step -> Arguments.of(manner, step)));
  }

  private static Set<RotationStep> steps(Manner manner) {
    EnumSet<RotationStep> steps =
        EnumSet.of(
            RotationStep.COPYING, RotationStep.COPIED, RotationStep.RENAMED, RotationStep.NOTED);
    steps.add(
        switch (manner) {
          case FREEING -> RotationStep.FREED;
          case EMPTYING -> RotationStep.EMPTIED;
          case COMPRESSING -> RotationStep.COMPRESSED;
          case RENEWING -> RotationStep.RENEWED;
        });
    return steps;
  }

  /** A log is emptied without loss, and renewed, only while nobody writes to it. */
  private static boolean isWrittenMeanwhile(Manner manner) {
    return switch (manner) {
      case FREEING, COMPRESSING -> true;
      case EMPTYING, RENEWING -> false;
    };
  }

  @ParameterizedTest
  @MethodSource("stepsOfEachManner")
  void nothingIsLostAndNothingIsThereTwice(Manner manner, RotationStep step) throws Exception {
    LoggingAgent agent = new LoggingAgent(folder);
    long last =
        isWrittenMeanwhile(manner)
            ? killedWhileItIsWritten(agent, manner, step)
            : killedBetweenPortions(agent, manner, step);
    assertSame(numbers(1, last), agent.read());
    LogState state = agent.files.layout().state();
    if (state.rotated() == state.freed()) {
      assertSame(numbers(1, last), agent.readFiles());
    }
    assertEquals(0, state.truncations());
    assertEquals(0, state.dropped());
    assertTrue(Files.notExists(agent.files.unfinished()), "nothing unfinished is left");
  }

  private long killedWhileItIsWritten(LoggingAgent agent, Manner manner, RotationStep step)
      throws Exception {
    Process writer = agent.write(WRITER.formatted(folder, PORTION));
    crash(manner, step, ALL);
    long killedAt = agent.kept.end();
    AgentLog log = agent.log(manner.space(), _ -> {});
    while (agent.kept.end() < killedAt + (256 << 10)) {
      log.tend(manner.rule(ALL), Live.NONE);
    }
    Files.createFile(folder.resolve("stop"));
    assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
    tend(agent, manner, ALL);
    return Long.parseLong(Files.readString(folder.resolve("portions")).strip()) * PORTION;
  }

  private long killedBetweenPortions(LoggingAgent agent, Manner manner, RotationStep step)
      throws Exception {
    long last = 0;
    for (int portion = 0; portion < 3; portion++) {
      agent.appendNumbers(last + 1, last + 40_000);
      last += 40_000;
      crash(manner, step, ALL);
      assertSame(numbers(1, last), agent.read());
      tend(agent, manner, ALL);
      assertSame(numbers(1, last), agent.read());
    }
    return last;
  }

  @ParameterizedTest
  @MethodSource("stepsOfEachManner")
  void whatIsKeptIsTheNewestWhereTheOldestHadToGo(Manner manner, RotationStep step)
      throws Exception {
    LoggingAgent agent = new LoggingAgent(folder);
    for (int portion = 0; portion < 3; portion++) {
      agent.appendNumbers(portion * 30_000L + 1, (portion + 1) * 30_000L);
      crash(manner, step, 2);
      tend(agent, manner, 2);
      assertTail(agent.read(), (portion + 1) * 30_000L);
      assertTrue(agent.names().size() <= 2, agent.names().toString());
    }
    assertEquals(0, agent.files.layout().state().truncations());
  }

  private static void tend(LoggingAgent agent, Manner manner, int keep) throws Exception {
    agent.log(manner.space(), _ -> {}).tend(manner.rule(keep), Live.NONE);
  }

  private void crash(Manner manner, RotationStep step, int keep) throws Exception {
    Process second = RotatingSidecar.start(folder, manner, step, keep);
    assertTrue(second.waitFor(60, TimeUnit.SECONDS), "it came to " + step);
    assertEquals(137, second.exitValue(), Files.readString(folder.resolve("second.out")));
  }
}
