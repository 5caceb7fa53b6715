package io.easyagent.sidecar.wire;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Values with every field set, for tests of stored and sent forms. */
public final class Samples {
  public static final AgentId AGENT = new AgentId(new UUID(1, 2));
  public static final Instant MOMENT = Instant.parse("2026-01-02T03:04:05.000000006Z");
  public static final String DIGEST = "ab".repeat(32);
  public static final String GENERATION = "0102";
  public static final String HOST_NAME = "web-0002";
  public static final Map<String, String> LABELS = Map.of("role", "web");

  private Samples() {}

  public static AgentDefinition definition() {
    return new AgentDefinition(
        "filebeat",
        AgentType.SERVICE,
        Optional.of(new PackageReference("filebeat", "8.15.3", "cd".repeat(32), 12_345)),
        "beats",
        List.of("{{package}}/filebeat", "-e"),
        Map.of("TZ", "UTC"),
        List.of(
            new DefinedFile(
                "filebeat.yml",
                0640,
                new DefinedFile.Apply.Restart(),
                Optional.of(List.of("{{package}}/filebeat", "test")),
                new DefinedFile.Source.Template("name: {{host.name}}\n")),
            new DefinedFile(
                "modules/a.yml",
                0600,
                new DefinedFile.Apply.Signal("HUP"),
                Optional.empty(),
                new DefinedFile.Source.Content("a: 1\n")),
            new DefinedFile(
                "notes",
                0444,
                new DefinedFile.Apply.Nothing(),
                Optional.empty(),
                new DefinedFile.Source.Content(""))),
        Optional.of(new Readiness(new Probe.Tcp("::1", 5066), Duration.ofSeconds(90))),
        Optional.of(
            new HealthCheck(
                new Probe.Http(URI.create("http://127.0.0.1:5066/")),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                3,
                HealthCheck.OnFailure.RESTART)),
        new RestartRule(
            RestartRule.Policy.ON_FAILURE,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10)),
        new StopRule("TERM", Duration.ofSeconds(30)),
        new Limits(
            OptionalDouble.of(1.5),
            OptionalLong.of(1 << 29),
            OptionalLong.of(128),
            OptionalLong.of(65_536)),
        new LogRule(20 << 20, 5),
        Optional.of(new Script("echo $1", List.of("a", ""), Duration.ofMinutes(1))),
        Optional.of(new Script("true", List.of(), Duration.ofMillis(1_500))));
  }

  /** With what came after the first stored form. */
  public static AgentDefinition laterDefinition() {
    return new AgentDefinition(
        "filebeat",
        AgentType.ONESHOT,
        Optional.empty(),
        "beats",
        List.of("/usr/bin/filebeat"),
        Map.of(),
        List.of(),
        Optional.of(new Readiness(new Readiness.Sign.Line("up"), Duration.ofSeconds(90))),
        Optional.of(
            new HealthCheck(
                new Probe.Command(List.of("/bin/true")),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ZERO,
                3,
                HealthCheck.OnFailure.STOP)),
        new RestartRule(
            RestartRule.Policy.ON_FAILURE,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            new SuccessfulEnds(Set.of(3, 143), Set.of("TERM", "HUP"))),
        new StopRule("TERM", Duration.ofSeconds(30)),
        new Limits(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(0),
            OptionalLong.of(512)),
        new LogRule(20 << 20, 5),
        Optional.empty(),
        Optional.empty(),
        new ProcessSettings(027, OptionalInt.of(-5)),
        List.of("database", "queue"),
        Hooks.NONE,
        Optional.empty());
  }

  /** With hooks. */
  public static AgentDefinition hookedDefinition() {
    return laterDefinition()
        .with(
            new Hooks(
                Optional.of(
                    new Hook(List.of("{{package}}/prepare", "a b"), Duration.ofSeconds(30))),
                Optional.of(new Hook(List.of("/bin/clean"), Duration.ofMillis(1_500)))));
  }

  /** With what scheduled agents have. */
  public static AgentDefinition scheduledDefinition() {
    AgentDefinition base = laterDefinition();
    return new AgentDefinition(
            base.name(),
            base.type(),
            base.packageReference(),
            base.user(),
            base.command(),
            base.environment(),
            base.files(),
            Optional.empty(),
            Optional.empty(),
            new RestartRule(
                RestartRule.Policy.NEVER,
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10)),
            base.stop(),
            base.limits(),
            base.logs(),
            base.install(),
            base.uninstall())
        .scheduled(
            new Schedule(
                "*/5 2-4 * * mon-fri",
                "Europe/Berlin",
                Duration.ofSeconds(30),
                Schedule.Overlap.REPLACE,
                Schedule.Missed.ONCE));
  }

  public static ObservedAgent waiting() {
    return new ObservedAgent(
        ObservedAgent.State.WAITING,
        ObservedAgent.Health.NONE,
        MOMENT,
        0,
        "last run 2026-01-02 03:04: exit 0 after 0.1 s",
        OptionalInt.empty(),
        Optional.empty(),
        List.of(),
        Optional.of(MOMENT.plusSeconds(60)));
  }

  public static OperationId operation(long number) {
    return new OperationId(new UUID(7, number));
  }

  public static TakenCommand taken(long number, Command command) {
    return new TakenCommand(
        operation(number),
        DIGEST,
        GENERATION,
        Duration.ofMinutes(15),
        MOMENT,
        HOST_NAME,
        LABELS,
        command);
  }

  public static OperationResult result() {
    return new OperationResult(
        Outcome.FAILED,
        "exit 1",
        Optional.of(new ProcessEnd.Exited(1)),
        new Output(new byte[] {1, 2}, new byte[] {3}, 99),
        MOMENT,
        MOMENT.plusSeconds(2));
  }

  public static AgentRecord agent() {
    return new AgentRecord(AGENT, definition(), 7, DesiredState.RUNNING, Optional.of("8.15.3"));
  }

  public static ObservedAgent observed() {
    return new ObservedAgent(
        ObservedAgent.State.BACKING_OFF,
        ObservedAgent.Health.UNHEALTHY,
        MOMENT,
        14,
        "exit 1, retry in 34s",
        OptionalInt.of(4_711),
        Optional.of(Duration.ofSeconds(34)),
        List.of("no cgroup"));
  }

  /** The command as the server would send it. */
  public static ControlResponse.Builder sent(TakenCommand taken) {
    return CommandCodec.encode(taken.command()).toBuilder()
        .setOperationId(Fields.bytes(taken.id()))
        .setDigest(Fields.bytes(taken.digest()))
        .setGeneration(Fields.bytes(taken.generation()))
        .setTimeLeft(Fields.duration(taken.timeLeft()))
        .setSessionEpoch(1);
  }

  static ByteString agentId() {
    return Fields.bytes(AGENT);
  }
}
