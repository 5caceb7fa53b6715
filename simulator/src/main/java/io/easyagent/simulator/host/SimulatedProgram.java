package io.easyagent.simulator.host;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a command would have done, without a process: {@code sleep N} takes N seconds, {@code false}
 * fails, everything else succeeds after {@code usually} and prints. Pure.
 *
 * @param usually how long a command takes
 * @param outputBytes how much it prints
 * @param distinct whether each host prints something else
 */
public record SimulatedProgram(Duration usually, int outputBytes, boolean distinct) {

  /** How long it runs, and how it ends. */
  record Run(Duration takes, TaskEnd end) {}

  Run run(String host, TaskPlan plan) {
    Duration takes = takes(plan.command());
    if (takes.compareTo(plan.timeout()) > 0) {
      return new Run(
          plan.timeout(), new TaskEnd(new ProcessEnd.Signalled(9), true, false, Output.NONE));
    }
    boolean fails = name(plan.command()).equals("false");
    return new Run(
        takes,
        new TaskEnd(
            new ProcessEnd.Exited(fails ? 1 : 0), false, false, output(host, plan.outputLimit())));
  }

  private Duration takes(List<String> command) {
    if (!name(command).equals("sleep") || command.size() != 2) {
      return usually;
    }
    try {
      return Duration.ofMillis(Math.round(Double.parseDouble(command.get(1)) * 1_000));
    } catch (NumberFormatException notSeconds) {
      return usually;
    }
  }

  private static String name(List<String> command) {
    String program = command.getFirst();
    return program.substring(program.lastIndexOf('/') + 1);
  }

  private Output output(String host, int limit) {
    if (outputBytes == 0) {
      return Output.NONE;
    }
    String line = (distinct ? host : "host") + ": output of a command that was not run\n";
    byte[] bytes = line.repeat(outputBytes / line.length() + 1).getBytes(StandardCharsets.US_ASCII);
    int head = Math.min(outputBytes, limit);
    int tail = Math.min(outputBytes - head, limit);
    return new Output(
        Arrays.copyOf(bytes, head),
        Arrays.copyOfRange(bytes, outputBytes - tail, outputBytes),
        outputBytes);
  }
}
