package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that supervises one agent or runs one task, in order to be killed. */
final class SecondSidecar {
  static final String AGENT = "agent";
  static final String TASK = "task";

  /** An agent that is started again whenever it ends. */
  static final String RESTARTED = "restarted";

  /** An agent whose run is due, by its sidecar's own clock, once it is supervised. */
  static final String SCHEDULED = "scheduled";

  static final Instant DUE = Instant.parse("2026-01-10T02:10:00Z");

  private SecondSidecar() {}

  /** A running one; when a step is named it ends there as kill -9 would. */
  static Process start(
      String kind,
      Path folder,
      UUID id,
      String script,
      int containment,
      Optional<LaunchStep> crashAt)
      throws IOException {
    return start(kind, folder, id, script, containment, crashAt, 1);
  }

  /**
   * @param launch the one that the step is of; the first one is 1
   */
  static Process start(
      String kind,
      Path folder,
      UUID id,
      String script,
      int containment,
      Optional<LaunchStep> crashAt,
      int launch)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    crashAt.ifPresent(step -> command.add("-D" + Crash.PROPERTY + "=" + step.name()));
    command.add("-D" + Crash.LAUNCH + "=" + launch);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SecondSidecar.class.getName(),
            kind,
            folder.toString(),
            id.toString(),
            script,
            Integer.toString(containment),
            Long.toString(ProcessHandle.current().pid())));
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("second.err").toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** With the hooks whose scripts are in the rig's folder. */
  static LaunchPlan plan(Rig rig, String script) {
    return rig.shell(
        Rig.definition(
                AgentType.SERVICE,
                new RestartRule(
                    RestartRule.Policy.NEVER,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1)),
                limits(rig))
            .with(new Hooks(hook(rig, "preStart"), hook(rig, "postStop"))),
        script);
  }

  /** With so much memory as a file of that name says. */
  private static Limits limits(Rig rig) {
    Path memory = rig.folder.resolve("memory");
    try {
      return Files.exists(memory)
          ? Rig.memory(Long.parseLong(Files.readString(memory)))
          : Limits.NONE;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Optional<Hook> hook(Rig rig, String name) {
    Path script = rig.folder.resolve(name);
    return Files.exists(script)
        ? Optional.of(new Hook(List.of("/bin/sh", script.toString()), Duration.ofSeconds(20)))
        : Optional.empty();
  }

  static LaunchPlan scheduledPlan(Rig rig, String script) {
    return rig.shell(
        Rig.definition(AgentType.SERVICE, Rig.NEVER)
            .scheduled(
                new Schedule(
                    "10 2 * * *",
                    "UTC",
                    Duration.ZERO,
                    Schedule.Overlap.SKIP,
                    Schedule.Missed.ONCE)),
        script);
  }

  static Tasks.TaskPlan taskPlan(String script) {
    return new Tasks.TaskPlan(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin"),
        Optional.empty(),
        Path.of("/tmp"),
        Duration.ofMinutes(1),
        1000);
  }

  static CgroupParents containment(int number, long owner) throws IOException {
    return Rig.everyContainment(owner).toList().get(number);
  }

  public static void main(String[] arguments) throws Exception {
    SetClock clock = new SetClock(DUE.minus(Duration.ofHours(1)));
    boolean scheduled = arguments[0].equals(SCHEDULED);
    Rig rig =
        new Rig(
            Path.of(arguments[1]),
            containment(Integer.parseInt(arguments[4]), Long.parseLong(arguments[5])),
            scheduled ? clock : InstantSource.system());
    UUID id = UUID.fromString(arguments[2]);
    if (arguments[0].equals(TASK)) {
      rig.tasks.run(id, taskPlan(arguments[3]));
    } else if (scheduled) {
      LaunchPlan plan = scheduledPlan(rig, arguments[3]);
      Rig.get(rig.supervision.supervise(new AgentId(id), plan, DesiredState.RUNNING));
      clock.set(DUE);
      // The clock is looked at when a plan comes, too.
      rig.supervision.plan(new AgentId(id), plan);
    } else if (arguments[0].equals(RESTARTED)) {
      LaunchPlan plan = rig.shell(Rig.definition(AgentType.SERVICE, Rig.ALWAYS), arguments[3]);
      rig.supervision.supervise(new AgentId(id), plan, DesiredState.RUNNING);
    } else {
      rig.supervision.supervise(new AgentId(id), plan(rig, arguments[3]), DesiredState.RUNNING);
    }
    new CountDownLatch(1).await();
  }
}
