package io.easyagent.server.session.rpc;

import io.easyagent.definition.AgentType;
import io.easyagent.definition.DefinedFile;
import io.easyagent.definition.DefinedFile.Apply;
import io.easyagent.definition.DefinedFile.Source;
import io.easyagent.definition.HealthCheck;
import io.easyagent.definition.Hook;
import io.easyagent.definition.Hooks;
import io.easyagent.definition.Limits;
import io.easyagent.definition.LogRule;
import io.easyagent.definition.PackageReference;
import io.easyagent.definition.Probe;
import io.easyagent.definition.ProcessSettings;
import io.easyagent.definition.Readiness;
import io.easyagent.definition.RestartRule;
import io.easyagent.definition.Script;
import io.easyagent.definition.StopRule;
import io.easyagent.definition.SuccessfulEnds;
import io.easyagent.protocol.AgentDefinition;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The definition of an agent that a host has and the server does not know. It is a host's word: it
 * is read back as a definition like any other, and refused when it is none.
 */
final class AdoptionCodec {
  private AdoptionCodec() {}

  /** Empty when it is no definition that this server can hold. */
  static Optional<DefinitionText> definition(AgentDefinition wire) {
    try {
      DefinitionText text = stored(wire).text();
      StoredDefinition.of(text);
      return Optional.of(text);
    } catch (IllegalArgumentException unusable) {
      return Optional.empty();
    }
  }

  private static StoredDefinition stored(AgentDefinition wire) {
    return new StoredDefinition(
        new io.easyagent.definition.AgentDefinition(
            wire.getName(),
            switch (wire.getType()) {
              case SERVICE -> AgentType.SERVICE;
              case ONESHOT -> AgentType.ONESHOT;
              case SCHEDULED -> AgentType.SCHEDULED;
              case UNRECOGNIZED -> throw unknown("type");
            },
            wire.hasPackage()
                ? Optional.of(
                    new PackageReference(
                        wire.getPackage().getName(), wire.getPackage().getVersion()))
                : Optional.empty(),
            wire.getUser(),
            wire.getCommandList(),
            wire.getEnvironmentMap(),
            wire.getFilesList().stream().map(AdoptionCodec::file).toList(),
            wire.hasReady() ? Optional.of(ready(wire.getReady())) : Optional.empty(),
            wire.hasHealth() ? Optional.of(health(wire.getHealth())) : Optional.empty(),
            restart(wire.getRestart()),
            new StopRule(wire.getStop().getSignal(), WireTimes.duration(wire.getStop().getGrace())),
            limits(wire.getLimits()),
            logs(wire.getLogs()),
            wire.hasInstall() ? Optional.of(script(wire.getInstall())) : Optional.empty(),
            wire.hasUninstall() ? Optional.of(script(wire.getUninstall())) : Optional.empty(),
            new ProcessSettings(
                wire.hasUmask() ? wire.getUmask() : ProcessSettings.DEFAULT.umask(),
                wire.hasNice() ? OptionalInt.of(wire.getNice()) : OptionalInt.empty()),
            wire.getAfterList(),
            new Hooks(
                wire.hasPreStart() ? Optional.of(hook(wire.getPreStart())) : Optional.empty(),
                wire.hasPostStop() ? Optional.of(hook(wire.getPostStop())) : Optional.empty()),
            wire.hasSchedule()
                ? Optional.of(ScheduleCodec.schedule(wire.getSchedule()))
                : Optional.empty()),
        wire.hasPackage()
            ? Optional.of(
                new StoredDefinition.Archive(
                    WireIds.hexadecimal(wire.getPackage().getSha256()),
                    wire.getPackage().getSize(),
                    wire.getPackage().getSignature().isEmpty()
                        ? Optional.empty()
                        : Optional.of(WireIds.hexadecimal(wire.getPackage().getSignature()))))
            : Optional.empty());
  }

  private static LogRule logs(io.easyagent.protocol.LogRule wire) {
    return new LogRule(
        wire.getMaxSize(),
        wire.getKeep(),
        wire.hasMaxAge() ? Optional.of(WireTimes.duration(wire.getMaxAge())) : Optional.empty(),
        wire.getCompress());
  }

  private static DefinedFile file(io.easyagent.protocol.DefinedFile wire) {
    Apply apply =
        switch (wire.getApply()) {
          case RESTART -> new Apply.Restart();
          case SIGNAL -> new Apply.Signal(wire.getSignal());
          case NONE -> new Apply.Nothing();
          case UNRECOGNIZED -> throw unknown("apply");
        };
    Source source =
        switch (wire.getSourceCase()) {
          case CONTENT -> new Source.Content(wire.getContent());
          case TEMPLATE -> new Source.Template(wire.getTemplate());
          case SOURCE_NOT_SET -> throw unknown("source");
        };
    return new DefinedFile(
        wire.getPath(), wire.getMode(), apply, List.copyOf(wire.getValidateList()), source);
  }

  private static Probe probe(io.easyagent.protocol.Probe wire) {
    return switch (wire.getProbeCase()) {
      case COMMAND -> new Probe.Command(wire.getCommand().getCommandList());
      case HTTP -> new Probe.Http(wire.getHttp().getUrl());
      case TCP -> new Probe.Tcp(wire.getTcp().getAddress());
      case PROBE_NOT_SET -> throw unknown("probe");
    };
  }

  private static Readiness ready(io.easyagent.protocol.Readiness wire) {
    if (wire.hasDelay()) {
      return new Readiness(new Readiness.Sign.StayedUp(), WireTimes.duration(wire.getDelay()));
    }
    Duration timeout = WireTimes.duration(wire.getTimeout());
    return wire.getLine().isEmpty()
        ? new Readiness(probe(wire.getProbe()), timeout)
        : new Readiness(new Readiness.Sign.Line(wire.getLine()), timeout);
  }

  private static HealthCheck health(io.easyagent.protocol.HealthCheck wire) {
    return new HealthCheck(
        probe(wire.getProbe()),
        WireTimes.duration(wire.getInterval()),
        WireTimes.duration(wire.getTimeout()),
        WireTimes.duration(wire.getStartPeriod()),
        wire.getRetries(),
        switch (wire.getOnFailure()) {
          case REPORT -> HealthCheck.OnFailure.REPORT;
          case RESTART -> HealthCheck.OnFailure.RESTART;
          case STOP -> HealthCheck.OnFailure.STOP;
          case UNRECOGNIZED -> throw unknown("onFailure");
        });
  }

  private static RestartRule restart(io.easyagent.protocol.RestartRule wire) {
    return new RestartRule(
        switch (wire.getPolicy()) {
          case ALWAYS -> RestartRule.Policy.ALWAYS;
          case ON_FAILURE -> RestartRule.Policy.ON_FAILURE;
          case NEVER -> RestartRule.Policy.NEVER;
          case UNRECOGNIZED -> throw unknown("policy");
        },
        WireTimes.duration(wire.getBackoffFirst()),
        WireTimes.duration(wire.getBackoffMost()),
        WireTimes.duration(wire.getResetAfter()),
        new SuccessfulEnds(wire.getSuccessStatusesList(), wire.getSuccessSignalsList()));
  }

  private static Limits limits(io.easyagent.protocol.Limits wire) {
    return new Limits(
        wire.getCpu() > 0 ? OptionalDouble.of(wire.getCpu()) : OptionalDouble.empty(),
        limit(wire.getMemory()),
        limit(wire.getTasks()),
        limit(wire.getOpenFiles()),
        wire.hasCore() ? OptionalLong.of(wire.getCore()) : OptionalLong.empty(),
        limit(wire.getProcesses()));
  }

  private static OptionalLong limit(long wire) {
    return wire > 0 ? OptionalLong.of(wire) : OptionalLong.empty();
  }

  private static Hook hook(io.easyagent.protocol.Hook wire) {
    return new Hook(wire.getCommandList(), WireTimes.duration(wire.getTimeout()));
  }

  private static Script script(io.easyagent.protocol.Script wire) {
    return new Script(
        wire.getScript(),
        List.copyOf(wire.getParametersList()),
        WireTimes.duration(wire.getTimeout()));
  }

  private static IllegalArgumentException unknown(String field) {
    return new IllegalArgumentException(field + ": not known to this server");
  }
}
