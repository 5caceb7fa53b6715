package io.easyagent.sidecar.wire;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.DefinedFile.Apply;
import io.easyagent.sidecar.agent.DefinedFile.Source;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Agent definitions, on the wire and in the journal. Decoding checks the shape only, so that a
 * journal stays readable when {@link DefinitionCheck} becomes stricter.
 */
public final class DefinitionCodec {

  private DefinitionCodec() {}

  public static AgentDefinition decode(io.easyagent.protocol.AgentDefinition message)
      throws WireException {
    List<DefinedFile> files = new ArrayList<>();
    for (var file : message.getFilesList()) {
      files.add(decode(file));
    }
    return new AgentDefinition(
        Fields.text(message.getName(), "definition.name"),
        decode(message.getType()),
        message.hasPackage()
            ? Optional.of(decode(message.getPackage(), "definition.package"))
            : Optional.empty(),
        Fields.text(message.getUser(), "definition.user"),
        message.getCommandList(),
        message.getEnvironmentMap(),
        files,
        message.hasReady() ? Optional.of(ProbeCodec.decode(message.getReady())) : Optional.empty(),
        message.hasHealth()
            ? Optional.of(ProbeCodec.decode(message.getHealth()))
            : Optional.empty(),
        restart(message),
        stop(message),
        limits(message.getLimits()),
        logs(message),
        script(message.hasInstall(), message.getInstall(), "definition.install"),
        script(message.hasUninstall(), message.getUninstall(), "definition.uninstall"),
        new ProcessSettings(
            message.hasUmask() ? message.getUmask() : ProcessSettings.DEFAULT.umask(),
            message.hasNice() ? OptionalInt.of(message.getNice()) : OptionalInt.empty()),
        message.getAfterList(),
        new Hooks(
            hook(message.hasPreStart(), message.getPreStart(), "definition.preStart"),
            hook(message.hasPostStop(), message.getPostStop(), "definition.postStop")),
        message.hasSchedule()
            ? Optional.of(ScheduleCodec.decode(message.getSchedule()))
            : Optional.empty());
  }

  public static io.easyagent.protocol.AgentDefinition encode(AgentDefinition definition) {
    var message =
        io.easyagent.protocol.AgentDefinition.newBuilder()
            .setName(definition.name())
            .setType(
                switch (definition.type()) {
                  case SERVICE -> io.easyagent.protocol.AgentType.SERVICE;
                  case ONESHOT -> io.easyagent.protocol.AgentType.ONESHOT;
                  case SCHEDULED -> io.easyagent.protocol.AgentType.SCHEDULED;
                })
            .setUser(definition.user())
            .addAllCommand(definition.command())
            .putAllEnvironment(definition.environment())
            .addAllAfter(definition.after())
            .setRestart(encode(definition.restart()))
            .setStop(
                io.easyagent.protocol.StopRule.newBuilder()
                    .setSignal(definition.stop().signal())
                    .setGrace(Fields.duration(definition.stop().grace())))
            .setLimits(encode(definition.limits()))
            .setLogs(encode(definition.logs()));
    definition.packageReference().map(DefinitionCodec::encode).ifPresent(message::setPackage);
    definition.files().stream().map(DefinitionCodec::encode).forEach(message::addFiles);
    definition.ready().map(ProbeCodec::encode).ifPresent(message::setReady);
    definition.health().map(ProbeCodec::encode).ifPresent(message::setHealth);
    definition.install().map(DefinitionCodec::encode).ifPresent(message::setInstall);
    definition.uninstall().map(DefinitionCodec::encode).ifPresent(message::setUninstall);
    if (definition.process().umask() != ProcessSettings.DEFAULT.umask()) {
      message.setUmask(definition.process().umask());
    }
    definition.process().nice().ifPresent(message::setNice);
    definition.hooks().preStart().map(DefinitionCodec::encode).ifPresent(message::setPreStart);
    definition.hooks().postStop().map(DefinitionCodec::encode).ifPresent(message::setPostStop);
    definition.schedule().map(ScheduleCodec::encode).ifPresent(message::setSchedule);
    return message.build();
  }

  private static AgentType decode(io.easyagent.protocol.AgentType type) throws WireException {
    return switch (type) {
      case SERVICE -> AgentType.SERVICE;
      case ONESHOT -> AgentType.ONESHOT;
      case SCHEDULED -> AgentType.SCHEDULED;
      case UNRECOGNIZED ->
          throw WireException.unexpected(
              "definition.type", "unknown", "service, oneshot or scheduled");
    };
  }

  /**
   * @param field of which it is the value, for messages
   */
  static PackageReference decode(io.easyagent.protocol.PackageReference message, String field)
      throws WireException {
    return new PackageReference(
        Fields.text(message.getName(), field + ".name"),
        Fields.text(message.getVersion(), field + ".version"),
        Fields.sha256(message.getSha256(), field + ".sha256"),
        Fields.positive(message.getSize(), field + ".size"),
        message.getSignature().isEmpty()
            ? Optional.empty()
            : Optional.of(Fields.signature(message.getSignature(), field + ".signature")));
  }

  static io.easyagent.protocol.PackageReference encode(PackageReference reference) {
    var message =
        io.easyagent.protocol.PackageReference.newBuilder()
            .setName(reference.name())
            .setVersion(reference.version())
            .setSha256(Fields.bytes(reference.sha256()))
            .setSize(reference.size());
    reference.signature().map(Fields::bytes).ifPresent(message::setSignature);
    return message.build();
  }

  private static DefinedFile decode(io.easyagent.protocol.DefinedFile message)
      throws WireException {
    String path = Fields.text(message.getPath(), "definition.files.path");
    String field = "definition.files." + path;
    Apply apply =
        switch (message.getApply()) {
          case RESTART -> new Apply.Restart();
          case SIGNAL -> new Apply.Signal(Fields.text(message.getSignal(), field + ".signal"));
          case NONE -> new Apply.Nothing();
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  field + ".apply", "unknown", "restart, signal or none");
        };
    Source source =
        switch (message.getSourceCase()) {
          case CONTENT -> new Source.Content(message.getContent());
          case TEMPLATE -> new Source.Template(message.getTemplate());
          case SOURCE_NOT_SET -> throw WireException.missing(field + ".content or .template");
        };
    return new DefinedFile(
        path,
        message.getMode(),
        apply,
        message.getValidateCount() == 0
            ? Optional.empty()
            : Optional.of(List.copyOf(message.getValidateList())),
        source);
  }

  private static io.easyagent.protocol.DefinedFile encode(DefinedFile file) {
    var message =
        io.easyagent.protocol.DefinedFile.newBuilder()
            .setPath(file.path())
            .setMode(file.mode())
            .addAllValidate(file.validate().orElse(List.of()));
    switch (file.apply()) {
      case Apply.Restart() -> message.setApply(io.easyagent.protocol.DefinedFile.Apply.RESTART);
      case Apply.Signal(String name) ->
          message.setApply(io.easyagent.protocol.DefinedFile.Apply.SIGNAL).setSignal(name);
      case Apply.Nothing() -> message.setApply(io.easyagent.protocol.DefinedFile.Apply.NONE);
    }
    switch (file.source()) {
      case Source.Content(String text) -> message.setContent(text);
      case Source.Template(String text) -> message.setTemplate(text);
    }
    return message.build();
  }

  private static RestartRule restart(io.easyagent.protocol.AgentDefinition definition)
      throws WireException {
    if (!definition.hasRestart()) {
      throw WireException.missing("definition.restart");
    }
    var message = definition.getRestart();
    RestartRule.Policy policy =
        switch (message.getPolicy()) {
          case ALWAYS -> RestartRule.Policy.ALWAYS;
          case ON_FAILURE -> RestartRule.Policy.ON_FAILURE;
          case NEVER -> RestartRule.Policy.NEVER;
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  "definition.restart.policy", "unknown", "always, on-failure or never");
        };
    return new RestartRule(
        policy,
        Fields.duration(
            message.hasBackoffFirst(),
            message.getBackoffFirst(),
            "definition.restart.backoffFirst"),
        Fields.duration(
            message.hasBackoffMost(), message.getBackoffMost(), "definition.restart.backoffMost"),
        Fields.duration(
            message.hasResetAfter(), message.getResetAfter(), "definition.restart.resetAfter"),
        new SuccessfulEnds(
            Set.copyOf(message.getSuccessStatusesList()),
            Set.copyOf(message.getSuccessSignalsList())));
  }

  private static io.easyagent.protocol.RestartRule encode(RestartRule rule) {
    return io.easyagent.protocol.RestartRule.newBuilder()
        .setPolicy(
            switch (rule.policy()) {
              case ALWAYS -> io.easyagent.protocol.RestartRule.Policy.ALWAYS;
              case ON_FAILURE -> io.easyagent.protocol.RestartRule.Policy.ON_FAILURE;
              case NEVER -> io.easyagent.protocol.RestartRule.Policy.NEVER;
            })
        .setBackoffFirst(Fields.duration(rule.backoffFirst()))
        .setBackoffMost(Fields.duration(rule.backoffMost()))
        .setResetAfter(Fields.duration(rule.resetAfter()))
        .addAllSuccessStatuses(rule.success().statuses().stream().sorted().toList())
        .addAllSuccessSignals(rule.success().signals().stream().sorted().toList())
        .build();
  }

  private static StopRule stop(io.easyagent.protocol.AgentDefinition definition)
      throws WireException {
    if (!definition.hasStop()) {
      throw WireException.missing("definition.stop");
    }
    var message = definition.getStop();
    return new StopRule(
        Fields.text(message.getSignal(), "definition.stop.signal"),
        Fields.duration(message.hasGrace(), message.getGrace(), "definition.stop.grace"));
  }

  private static Limits limits(io.easyagent.protocol.Limits message) throws WireException {
    if (!Double.isFinite(message.getCpu()) || message.getCpu() < 0) {
      throw WireException.unexpected("definition.limits.cpu", message.getCpu(), "0 or more");
    }
    return new Limits(
        message.getCpu() == 0 ? OptionalDouble.empty() : OptionalDouble.of(message.getCpu()),
        limit(message.getMemory(), "definition.limits.memory"),
        limit(message.getTasks(), "definition.limits.tasks"),
        limit(message.getOpenFiles(), "definition.limits.openFiles"),
        message.hasCore()
            ? OptionalLong.of(Fields.unsigned(message.getCore(), "definition.limits.core"))
            : OptionalLong.empty(),
        limit(message.getProcesses(), "definition.limits.processes"));
  }

  private static io.easyagent.protocol.Limits encode(Limits limits) {
    var message =
        io.easyagent.protocol.Limits.newBuilder()
            .setCpu(limits.cpu().orElse(0))
            .setMemory(limits.memory().orElse(0))
            .setTasks(limits.tasks().orElse(0))
            .setOpenFiles(limits.openFiles().orElse(0))
            .setProcesses(limits.processes().orElse(0));
    limits.core().ifPresent(message::setCore);
    return message.build();
  }

  private static OptionalLong limit(long limit, String field) throws WireException {
    return limit == 0 ? OptionalLong.empty() : OptionalLong.of(Fields.positive(limit, field));
  }

  private static LogRule logs(io.easyagent.protocol.AgentDefinition definition)
      throws WireException {
    if (!definition.hasLogs()) {
      throw WireException.missing("definition.logs");
    }
    var message = definition.getLogs();
    if (message.getKeep() < 0) {
      throw WireException.unexpected(
          "definition.logs.keep", Integer.toUnsignedString(message.getKeep()), "0 to 2^31-1");
    }
    return new LogRule(
        Fields.positive(message.getMaxSize(), "definition.logs.maxSize"),
        message.getKeep(),
        message.hasMaxAge()
            ? Optional.of(Fields.duration(true, message.getMaxAge(), "definition.logs.maxAge"))
            : Optional.empty(),
        message.getCompress());
  }

  private static io.easyagent.protocol.LogRule encode(LogRule rule) {
    var message =
        io.easyagent.protocol.LogRule.newBuilder()
            .setMaxSize(rule.maxSize())
            .setKeep(rule.keep())
            .setCompress(rule.compress());
    rule.maxAge().map(Fields::duration).ifPresent(message::setMaxAge);
    return message.build();
  }

  private static Optional<Hook> hook(
      boolean present, io.easyagent.protocol.Hook message, String field) throws WireException {
    return present
        ? Optional.of(
            new Hook(
                message.getCommandList(),
                Fields.duration(message.hasTimeout(), message.getTimeout(), field + ".timeout")))
        : Optional.empty();
  }

  private static io.easyagent.protocol.Hook encode(Hook hook) {
    return io.easyagent.protocol.Hook.newBuilder()
        .addAllCommand(hook.command())
        .setTimeout(Fields.duration(hook.timeout()))
        .build();
  }

  private static Optional<Script> script(
      boolean present, io.easyagent.protocol.Script message, String field) throws WireException {
    if (!present) {
      return Optional.empty();
    }
    return Optional.of(
        new Script(
            Fields.text(message.getScript(), field + ".script"),
            message.getParametersList(),
            Fields.duration(message.hasTimeout(), message.getTimeout(), field + ".timeout")));
  }

  private static io.easyagent.protocol.Script encode(Script script) {
    return io.easyagent.protocol.Script.newBuilder()
        .setScript(script.script())
        .addAllParameters(script.parameters())
        .setTimeout(Fields.duration(script.timeout()))
        .build();
  }
}
