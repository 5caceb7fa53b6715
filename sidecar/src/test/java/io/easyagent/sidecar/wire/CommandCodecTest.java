package io.easyagent.sidecar.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.AgentDefinition;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.Schedule;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.sidecar.logstream.LogOrder;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Command.Exec;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.wire.CommandCodec.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class CommandCodecTest {

  static Stream<Command> commands() {
    return Stream.of(
        new Command.Install(Samples.AGENT, Samples.definition(), 3, true),
        new Command.Configure(Samples.AGENT, Samples.definition(), 4),
        new Command.Configure(Samples.AGENT, Samples.laterDefinition(), 5),
        new Command.Configure(Samples.AGENT, Samples.hookedDefinition(), 6),
        new Command.Configure(Samples.AGENT, Samples.scheduledDefinition(), 6),
        new Command.Start(Samples.AGENT),
        new Command.Stop(Samples.AGENT),
        new Command.Restart(Samples.AGENT),
        new Command.Uninstall(Samples.AGENT, true),
        new Command.UpgradeSidecar(
            new PackageReference(
                "easyagent-sidecar-linux-x86_64",
                "2.0.1",
                "cd".repeat(32),
                12_345,
                Optional.of("ef".repeat(64)))),
        new Command.ConfigureSidecar("log: {level: debug}\n"),
        new Exec(
            Optional.empty(),
            new Exec.Work.Arguments(List.of("uptime", "-p")),
            Optional.of("nobody"),
            Map.of("A", "b")),
        new Exec(
            Optional.of(Samples.AGENT),
            new Exec.Work.ShellScript("echo $1", List.of("x")),
            Optional.empty(),
            Map.of()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandArrivesAsItWasSent(Command command) throws WireException {
    TakenCommand taken = Samples.taken(1, command);
    ControlResponse sent = Samples.sent(taken).build();

    assertEquals(
        new Received.Take(taken),
        CommandCodec.decode(sent, Samples.MOMENT, Samples.HOST_NAME, Samples.LABELS));
  }

  static Stream<Readiness> signs() {
    return Stream.of(
        new Readiness(new Readiness.Sign.StayedUp(), Duration.ofMillis(1500)),
        new Readiness(new Readiness.Sign.Line("up"), Duration.ofSeconds(5)),
        new Readiness(new Probe.Command(List.of("/bin/true")), Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @MethodSource("signs")
  void everySignOfReadinessIsReadBack(Readiness ready) throws WireException {
    AgentDefinition sent =
        DefinitionCodec.encode(Samples.definition()).toBuilder()
            .setReady(ProbeCodec.encode(ready))
            .build();
    var definition = DefinitionCodec.decode(sent);
    DefinitionCheck.check(definition);
    assertEquals(Optional.of(ready), definition.ready());
  }

  @Test
  void aSignatureComesWithItsPackage() throws WireException {
    var signed = install();
    signed
        .getInstallAgentOptionsBuilder()
        .getDefinitionBuilder()
        .getPackageBuilder()
        .setSignature(ByteString.copyFrom(new byte[64]));
    Received received =
        CommandCodec.decode(signed.build(), Samples.MOMENT, Samples.HOST_NAME, Samples.LABELS);
    assertTrue(
        received instanceof Received.Take(var taken)
            && taken.command() instanceof Command.Install install
            && install
                .definition()
                .packageReference()
                .orElseThrow()
                .signature()
                .equals(Optional.of("00".repeat(64))));
  }

  @Test
  void howOutputIsKeptComesWholly() throws WireException {
    var sent = install();
    sent.getInstallAgentOptionsBuilder()
        .getDefinitionBuilder()
        .getLogsBuilder()
        .setMaxAge(Fields.duration(Duration.ofDays(30)))
        .setCompress(true);
    LogRule expected = new LogRule(20 << 20, 5, Optional.of(Duration.ofDays(30)), true);
    Received received =
        CommandCodec.decode(sent.build(), Samples.MOMENT, Samples.HOST_NAME, Samples.LABELS);
    assertTrue(
        received instanceof Received.Take(var taken)
            && taken.command() instanceof Command.Install install
            && install.definition().logs().equals(expected)
            && DefinitionCodec.encode(install.definition())
                .getLogs()
                .equals(sent.getInstallAgentOptions().getDefinition().getLogs()));
  }

  @Test
  void aStreamOfALogIsNoOperation() throws WireException {
    ControlResponse.Builder tail =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.STREAM_LOG)
            .setStreamLogOptions(
                ControlResponse.StreamLogOptions.newBuilder()
                    .setStreamId(Fields.bytes(new UUID(3, 4)))
                    .setAgentId(Fields.bytes(Samples.AGENT))
                    .setTail(7)
                    .setFollow(true));
    ControlResponse.Builder from = tail.clone();
    from.getStreamLogOptionsBuilder().setFrom(99).setFollow(false);

    assertEquals(
        new Received.StreamLog(
            new LogOrder(new UUID(3, 4), Samples.AGENT, new LogBegin.Tail(7), true)),
        CommandCodec.decode(tail.build(), Samples.MOMENT, Samples.HOST_NAME, Map.of()));
    assertEquals(
        new Received.StreamLog(
            new LogOrder(new UUID(3, 4), Samples.AGENT, new LogBegin.From(99), false)),
        CommandCodec.decode(from.build(), Samples.MOMENT, Samples.HOST_NAME, Map.of()));
    assertEquals(Optional.empty(), CommandCodec.findIdentity(tail.build()));
  }

  /** The host's own clock counts, be it right or wrong. */
  @Test
  void aStreamSinceATimeBeginsSoLongBeforeItsArrival() throws WireException {
    Duration age = Duration.ofMinutes(10);
    assertEquals(
        new LogBegin.Since(Samples.MOMENT.minus(age), OptionalInt.empty()),
        since(options -> options.setAge(Fields.duration(age))));
    assertEquals(
        new LogBegin.Since(Samples.MOMENT.minus(age), OptionalInt.of(0)),
        since(options -> options.setAge(Fields.duration(age)).setTail(0)));
    assertEquals(
        new LogBegin.Since(Samples.MOMENT.minus(LogBegin.MOST_AGE), OptionalInt.of(10_000)),
        since(options -> options.setAge(Fields.duration(LogBegin.MOST_AGE)).setTail(10_000)));
    assertRefusedSince(options -> {});
    assertRefusedSince(options -> options.setAge(Fields.duration(Duration.ofMillis(-1))));
    assertRefusedSince(options -> options.setAge(Fields.duration(LogBegin.MOST_AGE.plusNanos(1))));
    assertRefusedSince(
        options -> options.setAge(Fields.duration(Duration.ofSeconds(Long.MAX_VALUE))));
    assertRefusedSince(options -> options.setAge(Fields.duration(age)).setTail(10_001));
    assertRefusedSince(options -> options.setAge(Fields.duration(age)).setTail(-1));
  }

  private static void assertRefusedSince(
      Consumer<ControlResponse.StreamLogOptions.Since.Builder> options) {
    assertThrows(WireException.class, () -> since(options));
  }

  private static LogBegin since(Consumer<ControlResponse.StreamLogOptions.Since.Builder> options)
      throws WireException {
    ControlResponse.Builder message = ControlResponse.newBuilder().setCmd(ControlCmd.STREAM_LOG);
    options.accept(
        message
            .getStreamLogOptionsBuilder()
            .setStreamId(Fields.bytes(new UUID(3, 4)))
            .setAgentId(Fields.bytes(Samples.AGENT))
            .getSinceBuilder());
    Received received =
        CommandCodec.decode(message.build(), Samples.MOMENT, Samples.HOST_NAME, Map.of());
    return assertInstanceOf(Received.StreamLog.class, received).order().begin();
  }

  @Test
  void cancelAndReconnectAreNoOperations() throws WireException {
    OperationId id = Samples.operation(5);
    ControlResponse cancel =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.CANCEL_OPERATION)
            .setCancelOperationOptions(
                ControlResponse.CancelOperationOptions.newBuilder()
                    .setOperationId(Fields.bytes(id)))
            .build();
    ControlResponse reconnect =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.RECONNECT)
            .setReconnectOptions(
                ControlResponse.ReconnectOptions.newBuilder()
                    .setAfter(Fields.duration(Duration.ofSeconds(3)))
                    .setReason("upgrade"))
            .build();

    assertEquals(
        new Received.Cancel(id),
        CommandCodec.decode(cancel, Samples.MOMENT, Samples.HOST_NAME, Map.of()));
    assertEquals(
        new Received.Reconnect(Duration.ofSeconds(3), "upgrade"),
        CommandCodec.decode(reconnect, Samples.MOMENT, Samples.HOST_NAME, Map.of()));
  }

  @Test
  void anExecsOwnTimeoutShortensItsTimeLeft() throws WireException {
    ControlResponse.Builder sent = exec();
    sent.getExecScriptOptionsBuilder().setTimeout(Fields.duration(Duration.ofSeconds(2)));

    Received received =
        CommandCodec.decode(sent.build(), Samples.MOMENT, Samples.HOST_NAME, Map.of());

    assertEquals(Duration.ofSeconds(2), ((Received.Take) received).command().timeLeft());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refused("operationId: missing", install(), m -> m.clearOperationId()),
        refused(
            "operationId: 3 bytes (expected: 16 bytes)",
            install(),
            m -> m.setOperationId(ByteString.copyFrom(new byte[3]))),
        refused("digest: missing", install(), m -> m.clearDigest()),
        refused("generation: missing", install(), m -> m.clearGeneration()),
        refused(
            "definition.logs.maxAge: -1 s 0 ns (expected: not negative)",
            install(),
            m ->
                m.getInstallAgentOptionsBuilder()
                    .getDefinitionBuilder()
                    .getLogsBuilder()
                    .setMaxAge(com.google.protobuf.Duration.newBuilder().setSeconds(-1))),
        refused("timeLeft: missing", install(), m -> m.clearTimeLeft()),
        refused(
            "timeLeft: -1 s 0 ns (expected: not negative)",
            install(),
            m -> m.getTimeLeftBuilder().setSeconds(-1)),
        refused("cmd: 99", install(), m -> m.setCmdValue(99)),
        refused("options: STARTAGENTOPTIONS", start(), m -> m.setCmd(ControlCmd.STOP_AGENT)),
        refused("options: OPTIONS_NOT_SET", install(), m -> m.clearInstallAgentOptions()),
        refused(
            "installAgentOptions.definition: missing",
            install(),
            m -> m.getInstallAgentOptionsBuilder().clearDefinition()),
        refused(
            "installAgentOptions.agentId: missing",
            install(),
            m -> m.getInstallAgentOptionsBuilder().clearAgentId()),
        refused(
            "startAgentOptions: limits",
            start(),
            m -> m.getStartAgentOptionsBuilder().setMemLimit(5)),
        definition("definition.type: unknown", d -> d.setTypeValue(9)),
        definition(
            "definition.schedule: none (expected: one, as the type is scheduled)",
            d -> d.setTypeValue(2)),
        definition(
            "definition.schedule: one (expected: none, as the type is not scheduled)",
            d -> scheduled(d).setTypeValue(0)),
        definition("definition.schedule.cron: missing", d -> schedule(d).clearCron()),
        definition(
            "definition.schedule.cron: character 3, hour: 24 (expected: 0 to 23",
            d -> schedule(d).setCron("0 24 * * *")),
        definition("definition.schedule.timezone: missing", d -> schedule(d).clearTimezone()),
        definition(
            "definition.schedule.timezone: Europe/Atlantis (expected: a time zone that this host",
            d -> schedule(d).setTimezone("Europe/Atlantis")),
        definition("definition.schedule.jitter: missing", d -> schedule(d).clearJitter()),
        definition(
            "definition.schedule.jitter: 3601 s (expected: at most 3600 s)",
            d -> schedule(d).getJitterBuilder().setSeconds(3601)),
        definition("definition.schedule.overlap: unknown", d -> schedule(d).setOverlapValue(9)),
        definition("definition.schedule.missed: unknown", d -> schedule(d).setMissedValue(9)),
        definition(
            "definition: ready or health (expected: neither",
            d -> scheduled(d).getReadyBuilder().setLine("up").getTimeoutBuilder().setSeconds(5)),
        definition(
            "definition.restart.policy: ALWAYS (expected: never, as the type is scheduled)",
            d -> scheduled(d).getRestartBuilder().setPolicyValue(0)),
        definition("definition.name: ../etc", d -> d.setName("../etc")),
        definition("definition.name: missing", d -> d.clearName()),
        definition("definition.user: missing", d -> d.clearUser()),
        definition("definition.user: -x", d -> d.setUser("-x")),
        definition("definition.command: missing", d -> d.clearCommand()),
        definition("definition.command: holds a NUL", d -> d.addCommand("a\0b")),
        definition(
            "definition.package.version: ../1", d -> d.getPackageBuilder().setVersion("../1")),
        definition(
            "definition.package.sha256: 2 bytes",
            d -> d.getPackageBuilder().setSha256(ByteString.copyFrom(new byte[2]))),
        definition(
            "definition.package.signature: 63 bytes",
            d -> d.getPackageBuilder().setSignature(ByteString.copyFrom(new byte[63]))),
        definition("definition.files.path: ../x", d -> d.getFilesBuilder(0).setPath("../x")),
        definition("definition.files.path: a/../x", d -> d.getFilesBuilder(0).setPath("a/../x")),
        definition(
            "definition.files.path: /etc/passwd", d -> d.getFilesBuilder(0).setPath("/etc/passwd")),
        definition("definition.files.path: a?b", d -> d.getFilesBuilder(0).setPath("a\nb")),
        definition(
            "definition.files.notes: defined twice", d -> d.getFilesBuilder(0).setPath("notes")),
        definition("definition.files.notes.mode: 4755", d -> d.getFilesBuilder(2).setMode(04755)),
        definition(
            "definition.files.notes.content or .template: missing",
            d -> d.getFilesBuilder(2).clearSource()),
        definition(
            "definition.files.notes.apply: unknown", d -> d.getFilesBuilder(2).setApplyValue(9)),
        definition(
            "definition.files.modules/a.yml.signal: missing",
            d -> d.getFilesBuilder(1).clearSignal()),
        definition("definition.restart: missing", d -> d.clearRestart()),
        definition(
            "definition.restart.policy: unknown", d -> d.getRestartBuilder().setPolicyValue(9)),
        definition(
            "definition.restart.backoffFirst: -5 s",
            d -> d.getRestartBuilder().getBackoffFirstBuilder().setSeconds(-5)),
        definition(
            "definition.restart.success: 256 (expected: an exit status from 0 to 255)",
            d -> d.getRestartBuilder().addSuccessStatuses(256)),
        definition(
            "definition.restart.success: TREM (expected: a signal like TERM)",
            d -> d.getRestartBuilder().addSuccessSignals("TREM")),
        definition(
            "definition.ready: more than one of probe, delay and line",
            d -> d.getReadyBuilder().setLine("up")),
        definition(
            "definition.ready.probe: missing", d -> d.getReadyBuilder().clearProbe().setLine("")),
        definition(
            "definition.ready.line: a?b (expected: at most 1024 characters of one line)",
            d -> d.getReadyBuilder().clearProbe().setLine("a\nb")),
        definition("definition.after: ../x", d -> d.addAfter("../x")),
        definition("definition.umask: 1000 (expected: 0 to 777, octal)", d -> d.setUmask(01000)),
        definition("definition.umask: 37777777777", d -> d.setUmask(-1)),
        definition("definition.nice: 20 (expected: -20 to 19)", d -> d.setNice(20)),
        definition("definition.nice: -21", d -> d.setNice(-21)),
        definition(
            "definition.limits.core: 18446744073709551615", d -> d.getLimitsBuilder().setCore(-1)),
        definition("definition.stop.signal: missing", d -> d.getStopBuilder().clearSignal()),
        definition("definition.limits.cpu: NaN", d -> d.getLimitsBuilder().setCpu(Double.NaN)),
        definition(
            "definition.limits.memory: 18446744073709551615",
            d -> d.getLimitsBuilder().setMemory(-1)),
        definition("definition.health.retries: 0", d -> d.getHealthBuilder().setRetries(0)),
        definition(
            "definition.health.interval: 0",
            d -> d.getHealthBuilder().getIntervalBuilder().clear()),
        definition(
            "definition.health.probe.http.url: file:///etc/passwd",
            d ->
                d.getHealthBuilder()
                    .getProbeBuilder()
                    .getHttpBuilder()
                    .setUrl("file:///etc/passwd")),
        definition(
            "definition.ready.probe.tcp.address: host:0",
            d -> d.getReadyBuilder().getProbeBuilder().getTcpBuilder().setAddress("host:0")),
        definition("definition.environment name: A=B", d -> d.putEnvironment("A=B", "c")),
        refused(
            "execScriptOptions: both",
            exec(),
            m -> m.getExecScriptOptionsBuilder().setExecScript("true")),
        refused(
            "execScriptOptions: neither",
            exec(),
            m -> m.getExecScriptOptionsBuilder().clearCommand()),
        refused(
            "execScriptOptions.timeout: 0",
            exec(),
            m -> m.getExecScriptOptionsBuilder().getTimeoutBuilder().setSeconds(0)),
        refused(
            "execScriptOptions.user: a b",
            exec(),
            m -> m.getExecScriptOptionsBuilder().setUser("a b")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatIsMissingUnknownOrNotAllowedIsRefused(String message, ControlResponse sent) {
    WireException refusal =
        assertThrows(
            WireException.class,
            () -> CommandCodec.decode(sent, Samples.MOMENT, Samples.HOST_NAME, Samples.LABELS));

    assertTrue(
        refusal.getMessage().startsWith(message),
        () -> refusal.getMessage() + " should start with " + message);
  }

  @ParameterizedTest
  @EnumSource(
      value = ControlCmd.class,
      mode = Mode.INCLUDE,
      names = {"UPDATE_AGENT", "CANCEL_AGENTS", "EXEC_REST"})
  void commandsOf10AreRefused(ControlCmd cmd) {
    ControlResponse sent = install().setCmd(cmd).build();

    assertThrows(
        WireException.class,
        () -> CommandCodec.decode(sent, Samples.MOMENT, Samples.HOST_NAME, Samples.LABELS));
  }

  @Test
  void theIdentityOfARefusedCommandIsFound() {
    ControlResponse sent = install().clearDigest().build();

    assertEquals(
        Optional.of(new CommandCodec.Identity(Samples.operation(1), Samples.GENERATION)),
        CommandCodec.findIdentity(sent));
    assertEquals(
        Optional.empty(), CommandCodec.findIdentity(sent.toBuilder().clearOperationId().build()));
  }

  private static ControlResponse.Builder install() {
    return Samples.sent(
        Samples.taken(1, new Command.Install(Samples.AGENT, Samples.definition(), 3, true)));
  }

  private static ControlResponse.Builder start() {
    return Samples.sent(Samples.taken(1, new Command.Start(Samples.AGENT)));
  }

  private static ControlResponse.Builder exec() {
    return Samples.sent(
        Samples.taken(
            1,
            new Exec(
                Optional.empty(),
                new Exec.Work.Arguments(List.of("true")),
                Optional.empty(),
                Map.of())));
  }

  private static Arguments refused(
      String message, ControlResponse.Builder sent, Consumer<ControlResponse.Builder> change) {
    change.accept(sent);
    return Arguments.of(message, sent.build());
  }

  private static Arguments definition(String message, Consumer<AgentDefinition.Builder> change) {
    return refused(
        message,
        install(),
        m -> change.accept(m.getInstallAgentOptionsBuilder().getDefinitionBuilder()));
  }

  /** The definition becomes one of a scheduled agent. */
  private static AgentDefinition.Builder scheduled(AgentDefinition.Builder definition) {
    return definition.clear().mergeFrom(DefinitionCodec.encode(Samples.scheduledDefinition()));
  }

  private static Schedule.Builder schedule(AgentDefinition.Builder definition) {
    return scheduled(definition).getScheduleBuilder();
  }
}
