package io.easyagent.sidecar.wire;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.DefinedFile.Apply;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.agent.Readiness.Sign;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.process.Signals;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a definition that arrives must fulfil beyond its shape. The server checks the same and more;
 * this host trusts none of it where a path, a user or a signal is made of it.
 */
final class DefinitionCheck {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\\$?");
  private static final Pattern SIGNAL = Pattern.compile("[A-Z][A-Z0-9+-]{1,11}");
  private static final Pattern VARIABLE = Pattern.compile("[^=\\x00]{1,256}");
  private static final int LONGEST_PATH = 1_024;
  private static final int LONGEST_LINE = 1_024;
  private static final int MOST_FILES = 256;
  private static final int MOST_ARGUMENTS = 4_096;
  private static final int MOST_STATUS = 255;
  private static final int MOST_AFTER = 64;
  private static final Duration LONGEST_HOOK = Duration.ofHours(1);

  private DefinitionCheck() {}

  static void check(AgentDefinition definition) throws WireException {
    match(NAME, definition.name(), "definition.name");
    ScheduleCodec.check(definition);
    if (definition.packageReference().isPresent()) {
      PackageReference reference = definition.packageReference().get();
      match(NAME, reference.name(), "definition.package.name");
      match(VERSION, reference.version(), "definition.package.version");
    }
    user(definition.user(), "definition.user");
    command(definition.command(), "definition.command");
    environment(definition.environment(), "definition.environment");
    files(definition.files());
    if (definition.ready().isPresent()) {
      sign(definition.ready().get().sign());
    }
    if (definition.health().isPresent()) {
      HealthCheck health = definition.health().get();
      probe(health.probe(), "definition.health");
      if (health.interval().isZero()) {
        throw WireException.unexpected("definition.health.interval", "0", "more than 0");
      }
      if (health.timeout().isZero()) {
        throw WireException.unexpected("definition.health.timeout", "0", "more than 0");
      }
    }
    success(definition.restart().success());
    process(definition.process());
    after(definition.after());
    hook(definition.hooks().preStart(), "definition.preStart");
    hook(definition.hooks().postStop(), "definition.postStop");
    match(SIGNAL, definition.stop().signal(), "definition.stop.signal");
  }

  private static void process(ProcessSettings process) throws WireException {
    if (process.umask() < 0 || process.umask() > 0777) {
      throw WireException.unexpected(
          "definition.umask", Integer.toUnsignedString(process.umask(), 8), "0 to 777, octal");
    }
    if (process.nice().isPresent()
        && (process.nice().getAsInt() < -20 || process.nice().getAsInt() > 19)) {
      throw WireException.unexpected("definition.nice", process.nice().getAsInt(), "-20 to 19");
    }
  }

  private static void after(List<String> names) throws WireException {
    if (names.size() > MOST_AFTER) {
      throw WireException.unexpected("definition.after", names.size(), "at most " + MOST_AFTER);
    }
    for (String name : names) {
      match(NAME, name, "definition.after");
    }
  }

  private static void hook(Optional<Hook> hook, String field) throws WireException {
    if (hook.isPresent()) {
      command(hook.get().command(), field + ".command");
      if (hook.get().timeout().isZero() || hook.get().timeout().compareTo(LONGEST_HOOK) > 0) {
        throw WireException.unexpected(
            field + ".timeout", hook.get().timeout(), "more than 0, at most " + LONGEST_HOOK);
      }
    }
  }

  private static void success(SuccessfulEnds success) throws WireException {
    for (int status : success.statuses()) {
      if (status < 0 || status > MOST_STATUS) {
        throw WireException.unexpected(
            "definition.restart.success",
            Integer.toUnsignedString(status),
            "an exit status from 0 to " + MOST_STATUS);
      }
    }
    for (String signal : success.signals()) {
      if (Signals.findNumber(signal).isEmpty()) {
        throw WireException.unexpected(
            "definition.restart.success", printable(signal), "a signal like TERM");
      }
    }
  }

  static void user(String user, String field) throws WireException {
    match(USER, user, field);
  }

  static void command(List<String> command, String field) throws WireException {
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw WireException.missing(field);
    }
    arguments(command, field);
  }

  static void arguments(List<String> arguments, String field) throws WireException {
    if (arguments.size() > MOST_ARGUMENTS) {
      throw WireException.unexpected(
          field, arguments.size() + " arguments", "at most " + MOST_ARGUMENTS);
    }
    for (String argument : arguments) {
      noNul(argument, field);
    }
  }

  static void environment(Map<String, String> environment, String field) throws WireException {
    for (var variable : environment.entrySet()) {
      match(VARIABLE, variable.getKey(), field + " name");
      noNul(variable.getValue(), field + "." + variable.getKey());
    }
  }

  static void noNul(String text, String field) throws WireException {
    if (text.indexOf('\0') >= 0) {
      throw new WireException(field + ": holds a NUL character");
    }
  }

  private static void files(List<DefinedFile> files) throws WireException {
    if (files.size() > MOST_FILES) {
      throw WireException.unexpected("definition.files", files.size(), "at most " + MOST_FILES);
    }
    Set<String> paths = new HashSet<>();
    for (DefinedFile file : files) {
      path(file.path());
      String field = "definition.files." + file.path();
      if (!paths.add(file.path())) {
        throw new WireException(field + ": defined twice");
      }
      if (file.mode() <= 0 || file.mode() > 0777) {
        throw WireException.unexpected(
            field + ".mode", Integer.toUnsignedString(file.mode(), 8), "1 to 777, octal");
      }
      if (file.apply() instanceof Apply.Signal(String name)) {
        match(SIGNAL, name, field + ".signal");
      }
      if (file.validate().isPresent()) {
        command(file.validate().get(), field + ".validate");
      }
    }
  }

  private static void path(String path) throws WireException {
    String expected = "a path below the config folder, without . and ..";
    boolean control = path.chars().anyMatch(Character::isISOControl);
    if (path.length() > LONGEST_PATH || control || path.indexOf('\\') >= 0) {
      throw WireException.unexpected("definition.files.path", printable(path), expected);
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > 255) {
        throw WireException.unexpected("definition.files.path", path, expected);
      }
    }
  }

  private static void sign(Sign sign) throws WireException {
    switch (sign) {
      case Sign.Answer(Probe probe) -> probe(probe, "definition.ready");
      case Sign.StayedUp() -> {}
      case Sign.Line(String text) -> {
        if (text.length() > LONGEST_LINE || text.chars().anyMatch(Character::isISOControl)) {
          throw WireException.unexpected(
              "definition.ready.line",
              printable(text),
              "at most " + LONGEST_LINE + " characters of one line");
        }
      }
    }
  }

  private static void probe(Probe probe, String field) throws WireException {
    switch (probe) {
      case Probe.Command command -> command(command.command(), field + ".command");
      case Probe.Http http -> {}
      case Probe.Tcp tcp -> {}
    }
  }

  static void version(String version, String field) throws WireException {
    match(VERSION, version, field);
  }

  private static void match(Pattern pattern, String value, String field) throws WireException {
    if (!pattern.matcher(value).matches()) {
      throw WireException.unexpected(field, printable(value), pattern.pattern());
    }
  }

  private static String printable(String text) {
    String cut = text.length() <= 80 ? text : text.substring(0, 80) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
