package io.easyagent.definition;

import static io.easyagent.definition.Decoders.choice;
import static io.easyagent.definition.Decoders.decimal;
import static io.easyagent.definition.Decoders.duration;
import static io.easyagent.definition.Decoders.integer;
import static io.easyagent.definition.Decoders.list;
import static io.easyagent.definition.Decoders.mapping;
import static io.easyagent.definition.Decoders.size;
import static io.easyagent.definition.Decoders.text;

import io.easyagent.definition.Variables.Use;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Reads a document's root as an agent definition; {@link ProgramReader} reads what holds variables.
 */
final class DefinitionReader {
  private static final List<String> KEYS =
      List.of(
          "name",
          "type",
          "package",
          "user",
          "command",
          "environment",
          "files",
          "ready",
          "health",
          "restart",
          "stop",
          "limits",
          "logs",
          "install",
          "uninstall",
          "umask",
          "nice",
          "after",
          "preStart",
          "postStop",
          "schedule");
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
  private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final Pattern MASK = Pattern.compile("0?[0-7]{3}");
  private static final int MOST_AFTER = 64;
  private static final int MOST_ENVIRONMENT = 256;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration DECADE = Duration.ofDays(3_650);

  private final Section root;
  private final ProgramReader programs;

  private DefinitionReader(Section root) {
    this.root = root;
    this.programs = new ProgramReader(root.has("package"));
  }

  static Optional<AgentDefinition> read(Found document) {
    return Section.open(document, KEYS).flatMap(root -> new DefinitionReader(root).definition());
  }

  private Optional<AgentDefinition> definition() {
    Optional<String> name = root.require("name", DefinitionReader::name);
    AgentType type = root.find("type", choice(Words.TYPES)).orElse(AgentType.SERVICE);
    Optional<PackageReference> reference = root.find("package", DefinitionReader::packageReference);
    Optional<String> user = root.require("user", text(USER, "a user name"));
    Optional<List<String>> command = root.require("command", programs.command(Use.COMMAND));
    Map<String, String> environment =
        root.find(
                "environment",
                mapping(
                    MOST_ENVIRONMENT,
                    ENVIRONMENT_NAME,
                    "letters, digits and _",
                    programs.text(Use.TEXT)))
            .orElse(Map.of());
    List<DefinedFile> files = root.find("files", programs::files).orElse(List.of());
    Optional<Readiness> ready = root.find("ready", programs::readiness);
    Optional<HealthCheck> health = root.find("health", programs::healthCheck);
    RestartRule restart =
        root.find("restart", found -> restart(found, type)).orElseGet(() -> defaultRestart(type));
    StopRule stop = root.find("stop", DefinitionReader::stop).orElse(StopRule.DEFAULT);
    Limits limits = root.find("limits", DefinitionReader::limits).orElse(Limits.NONE);
    LogRule logs = root.find("logs", DefinitionReader::logs).orElse(LogRule.DEFAULT);
    Optional<Script> install = root.find("install", programs::script);
    Optional<Script> uninstall = root.find("uninstall", programs::script);
    ProcessSettings process = process();
    List<String> after = root.find("after", found -> after(found, name)).orElse(List.of());
    Hooks hooks =
        new Hooks(root.find("preStart", programs::hook), root.find("postStop", programs::hook));
    Optional<Schedule> schedule = ScheduleReader.read(root, type);
    boolean unscheduled = type == AgentType.SCHEDULED && schedule.isEmpty();
    if (name.isEmpty() || user.isEmpty() || command.isEmpty() || unscheduled) {
      return Optional.empty();
    }
    AgentDefinition definition =
        new AgentDefinition(
            name.get(),
            type,
            reference,
            user.get(),
            command.get(),
            environment,
            files,
            ready,
            health,
            restart,
            stop,
            limits,
            logs,
            install,
            uninstall,
            process,
            after,
            hooks,
            schedule);
    int secrets = SecretReferences.names(definition).size();
    return secrets <= SecretReferences.MOST
        ? Optional.of(definition)
        : root.fault(secrets + " secrets (expected: at most " + SecretReferences.MOST + ")");
  }

  private static Optional<List<String>> after(Found found, Optional<String> own) {
    Decoder<String> other =
        item ->
            name(item)
                .flatMap(name ->
                    own.equals(Optional.of(name))
                        ? item.fault(name + " (expected: other agents of the host)")
                        : Optional.of(name));
    return list(1, MOST_AFTER, other).decode(found);
  }

  private ProcessSettings process() {
    int umask = root.find("umask", umask()).orElse(ProcessSettings.DEFAULT.umask());
    OptionalInt nice =
        root.find("nice", integer(-20, 19)).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return new ProcessSettings(umask, nice);
  }

  private static Decoder<Integer> umask() {
    return text(MASK, "an octal mask, like \"0022\"").then(text -> Integer.parseInt(text, 8));
  }

  private static Optional<String> name(Found found) {
    return text()
        .decode(found)
        .flatMap(text ->
            Names.isName(text)
                ? Optional.of(text)
                : found.fault(Shown.of(text) + " (expected: " + Names.EXPECTED_NAME + ")"));
  }

  private static Optional<PackageReference> packageReference(Found found) {
    return text()
        .decode(found)
        .flatMap(text ->
            PackageReference.parse(text)
                .or(() ->
                    found.fault(
                        Shown.of(text) + " (expected: name@version, like filebeat@8.15.3)")));
  }

  private static RestartRule defaultRestart(AgentType type) {
    return new RestartRule(
        RestartRule.defaultPolicy(type),
        RestartRule.DEFAULT_BACKOFF_FIRST,
        RestartRule.DEFAULT_BACKOFF_MOST,
        RestartRule.DEFAULT_RESET_AFTER);
  }

  private static Optional<RestartRule> restart(Found found, AgentType type) {
    record Backoff(Duration first, Duration most) {}

    Decoder<Backoff> backoff =
        value ->
            text()
                .decode(value)
                .flatMap(text ->
                    DurationRange.parse(text)
                        .filter(range -> range.within(Duration.ofMillis(10), DAY))
                        .map(range -> new Backoff(range.first(), range.most()))
                        .or(() ->
                            value.fault(
                                Shown.of(text)
                                    + " (expected: a range from 10ms to 1d, like 1s..5m)")));
    return Section.open(found, List.of("policy", "backoff", "resetAfter", "success"))
        .map(section -> {
          RestartRule.Policy policy =
              section
                  .find("policy", value -> policy(value, type))
                  .orElse(RestartRule.defaultPolicy(type));
          Backoff delays =
              section
                  .find("backoff", backoff)
                  .orElse(
                      new Backoff(
                          RestartRule.DEFAULT_BACKOFF_FIRST, RestartRule.DEFAULT_BACKOFF_MOST));
          Duration resetAfter =
              section
                  .find("resetAfter", duration(SECOND, DAY))
                  .orElse(RestartRule.DEFAULT_RESET_AFTER);
          SuccessfulEnds success =
              section.find("success", EndReader::read).orElse(SuccessfulEnds.NONE_BUT_ZERO);
          return new RestartRule(policy, delays.first(), delays.most(), resetAfter, success);
        });
  }

  private static Optional<RestartRule.Policy> policy(Found found, AgentType type) {
    Optional<RestartRule.Policy> policy = choice(Words.POLICIES).decode(found);
    return policy.flatMap(chosen ->
        switch (type) {
          case SERVICE -> policy;
          case ONESHOT ->
              chosen == RestartRule.Policy.ALWAYS
                  ? found.fault("always (expected: on-failure or never, as the type is oneshot)")
                  : policy;
          case SCHEDULED ->
              chosen == RestartRule.Policy.NEVER
                  ? policy
                  : found.fault(
                      Words.of(Words.POLICIES, chosen)
                          + " (expected: never, as the type is scheduled)");
        });
  }

  private static Optional<StopRule> stop(Found found) {
    return Section.open(found, List.of("signal", "grace"))
        .map(section ->
            new StopRule(
                section.find("signal", choice(Words.SIGNALS)).orElse(StopRule.DEFAULT.signal()),
                section
                    .find("grace", duration(Duration.ZERO, HOUR))
                    .orElse(StopRule.DEFAULT.grace())));
  }

  private static Optional<Limits> limits(Found found) {
    return Section.open(found, List.of("cpu", "memory", "tasks", "openFiles", "core", "processes"))
        .map(section ->
            new Limits(
                section
                    .find("cpu", decimal(0.01, 1024))
                    .map(OptionalDouble::of)
                    .orElseGet(OptionalDouble::empty),
                number(section.find("memory", size(1L << 20, 16L << 40))),
                number(section.find("tasks", integer(1, 4_194_304).then(Long::valueOf))),
                number(section.find("openFiles", integer(16, 1_048_576).then(Long::valueOf))),
                number(section.find("core", size(0, 16L << 40))),
                number(section.find("processes", integer(1, 4_194_304).then(Long::valueOf)))));
  }

  private static OptionalLong number(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private static Optional<LogRule> logs(Found found) {
    return Section.open(found, List.of("maxSize", "keep", "maxAge", "compress"))
        .map(section ->
            new LogRule(
                section
                    .find("maxSize", size(64L << 10, 16L << 30))
                    .orElse(LogRule.DEFAULT.maxSize()),
                section.find("keep", integer(0, 100)).orElse(LogRule.DEFAULT.keep()),
                section.find("maxAge", duration(MINUTE, DECADE)),
                section.find("compress", choice(Words.TRUTHS)).orElse(LogRule.DEFAULT.compress())));
  }
}
