package io.easyagent.definition.wire;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.ProcessSettings;
import io.easyagent.definition.Readiness.Sign;
import io.easyagent.protocol.AgentType;
import io.easyagent.protocol.DefinedFile;
import io.easyagent.protocol.HealthCheck;
import io.easyagent.protocol.Hook;
import io.easyagent.protocol.Limits;
import io.easyagent.protocol.LogRule;
import io.easyagent.protocol.PackageReference;
import io.easyagent.protocol.Probe;
import io.easyagent.protocol.Readiness;
import io.easyagent.protocol.RestartRule;
import io.easyagent.protocol.Script;
import io.easyagent.protocol.StopRule;
import java.time.Duration;

/** A definition as hosts get it. */
public final class DefinitionCodec {
  private DefinitionCodec() {}

  /** Of a package only its name and version: what identifies its bytes is for the caller to add. */
  public static io.easyagent.protocol.AgentDefinition encode(AgentDefinition definition) {
    var wire =
        io.easyagent.protocol.AgentDefinition.newBuilder()
            .setName(definition.name())
            .setType(type(definition.type()))
            .setUser(definition.user())
            .addAllCommand(definition.command())
            .putAllEnvironment(definition.environment())
            .addAllAfter(definition.after())
            .setRestart(restart(definition.restart()))
            .setStop(
                StopRule.newBuilder()
                    .setSignal(definition.stop().signal())
                    .setGrace(duration(definition.stop().grace())))
            .setLimits(limits(definition.limits()))
            .setLogs(logs(definition.logs()));
    definition
        .packageReference()
        .ifPresent(reference ->
            wire.setPackage(
                PackageReference.newBuilder()
                    .setName(reference.name())
                    .setVersion(reference.version())));
    definition.files().forEach(file -> wire.addFiles(file(file)));
    definition.ready().ifPresent(ready -> wire.setReady(ready(ready)));
    definition.health().ifPresent(health -> wire.setHealth(health(health)));
    definition.install().ifPresent(script -> wire.setInstall(script(script)));
    definition.uninstall().ifPresent(script -> wire.setUninstall(script(script)));
    if (definition.process().umask() != ProcessSettings.DEFAULT.umask()) {
      wire.setUmask(definition.process().umask());
    }
    definition.process().nice().ifPresent(wire::setNice);
    definition.hooks().preStart().map(DefinitionCodec::hook).ifPresent(wire::setPreStart);
    definition.hooks().postStop().map(DefinitionCodec::hook).ifPresent(wire::setPostStop);
    definition.schedule().map(ScheduleCodec::wire).ifPresent(wire::setSchedule);
    return wire.build();
  }

  private static LogRule logs(io.easyagent.definition.LogRule logs) {
    LogRule.Builder wire =
        LogRule.newBuilder()
            .setMaxSize(logs.maxSize())
            .setKeep(logs.keep())
            .setCompress(logs.compress());
    logs.maxAge().map(DefinitionCodec::duration).ifPresent(wire::setMaxAge);
    return wire.build();
  }

  private static AgentType type(io.easyagent.definition.AgentType type) {
    return switch (type) {
      case SERVICE -> AgentType.SERVICE;
      case ONESHOT -> AgentType.ONESHOT;
      case SCHEDULED -> AgentType.SCHEDULED;
    };
  }

  private static DefinedFile file(io.easyagent.definition.DefinedFile file) {
    var wire =
        DefinedFile.newBuilder()
            .setPath(file.path())
            .setMode(file.mode())
            .addAllValidate(file.validate());
    switch (file.apply()) {
      case io.easyagent.definition.DefinedFile.Apply.Restart restart ->
          wire.setApply(DefinedFile.Apply.RESTART);
      case io.easyagent.definition.DefinedFile.Apply.Signal(String name) ->
          wire.setApply(DefinedFile.Apply.SIGNAL).setSignal(name);
      case io.easyagent.definition.DefinedFile.Apply.Nothing nothing ->
          wire.setApply(DefinedFile.Apply.NONE);
    }
    switch (file.source()) {
      case io.easyagent.definition.DefinedFile.Source.Content(String text) -> wire.setContent(text);
      case io.easyagent.definition.DefinedFile.Source.Template(String text) ->
          wire.setTemplate(text);
    }
    return wire.build();
  }

  private static Probe probe(io.easyagent.definition.Probe probe) {
    return switch (probe) {
      case io.easyagent.definition.Probe.Command command ->
          Probe.newBuilder()
              .setCommand(Probe.Command.newBuilder().addAllCommand(command.command()))
              .build();
      case io.easyagent.definition.Probe.Http http ->
          Probe.newBuilder().setHttp(Probe.Http.newBuilder().setUrl(http.url())).build();
      case io.easyagent.definition.Probe.Tcp tcp ->
          Probe.newBuilder().setTcp(Probe.Tcp.newBuilder().setAddress(tcp.address())).build();
    };
  }

  private static Readiness ready(io.easyagent.definition.Readiness ready) {
    var wire = Readiness.newBuilder();
    return switch (ready.sign()) {
      case Sign.Answer(var probe) ->
          wire.setProbe(probe(probe)).setTimeout(duration(ready.timeout())).build();
      case Sign.Line(String text) ->
          wire.setLine(text).setTimeout(duration(ready.timeout())).build();
      case Sign.StayedUp() -> wire.setDelay(duration(ready.timeout())).build();
    };
  }

  private static HealthCheck health(io.easyagent.definition.HealthCheck health) {
    return HealthCheck.newBuilder()
        .setProbe(probe(health.probe()))
        .setInterval(duration(health.interval()))
        .setTimeout(duration(health.timeout()))
        .setStartPeriod(duration(health.startPeriod()))
        .setRetries(health.retries())
        .setOnFailure(
            switch (health.onFailure()) {
              case REPORT -> HealthCheck.OnFailure.REPORT;
              case RESTART -> HealthCheck.OnFailure.RESTART;
              case STOP -> HealthCheck.OnFailure.STOP;
            })
        .build();
  }

  private static RestartRule restart(io.easyagent.definition.RestartRule rule) {
    return RestartRule.newBuilder()
        .setPolicy(
            switch (rule.policy()) {
              case ALWAYS -> RestartRule.Policy.ALWAYS;
              case ON_FAILURE -> RestartRule.Policy.ON_FAILURE;
              case NEVER -> RestartRule.Policy.NEVER;
            })
        .setBackoffFirst(duration(rule.backoffFirst()))
        .setBackoffMost(duration(rule.backoffMost()))
        .setResetAfter(duration(rule.resetAfter()))
        .addAllSuccessStatuses(rule.success().statuses())
        .addAllSuccessSignals(rule.success().signals())
        .build();
  }

  private static Limits limits(io.easyagent.definition.Limits limits) {
    var wire =
        Limits.newBuilder()
            .setCpu(limits.cpu().orElse(0))
            .setMemory(limits.memory().orElse(0))
            .setTasks(limits.tasks().orElse(0))
            .setOpenFiles(limits.openFiles().orElse(0))
            .setProcesses(limits.processes().orElse(0));
    limits.core().ifPresent(wire::setCore);
    return wire.build();
  }

  private static Hook hook(io.easyagent.definition.Hook hook) {
    return Hook.newBuilder()
        .addAllCommand(hook.command())
        .setTimeout(duration(hook.timeout()))
        .build();
  }

  private static Script script(io.easyagent.definition.Script script) {
    return Script.newBuilder()
        .setScript(script.script())
        .addAllParameters(script.parameters())
        .setTimeout(duration(script.timeout()))
        .build();
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
