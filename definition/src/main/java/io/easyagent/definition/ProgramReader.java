package io.easyagent.definition;

import static io.easyagent.definition.Decoders.choice;
import static io.easyagent.definition.Decoders.duration;
import static io.easyagent.definition.Decoders.integer;
import static io.easyagent.definition.Decoders.list;
import static io.easyagent.definition.Decoders.mapping;
import static io.easyagent.definition.Decoders.mode;

import io.easyagent.definition.DefinedFile.Apply;
import io.easyagent.definition.DefinedFile.Source;
import io.easyagent.definition.Readiness.Sign;
import io.easyagent.definition.Variables.Use;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the parts of a definition that name programs, files and variables. */
final class ProgramReader {
  private static final int MOST_ARGUMENTS = 256;
  private static final int MOST_FILES = 64;
  private static final int DEFAULT_MODE = 0640;
  private static final int WIDEST_WITH_SECRET = 0640;
  private static final Pattern FILE_PATH =
      Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){0,8}");
  private static final Pattern TCP_ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[^:\\s]+):([0-9]{1,5})");
  private static final int LONGEST_LINE = 256;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final boolean hasPackage;

  ProgramReader(boolean hasPackage) {
    this.hasPackage = hasPackage;
  }

  /** A text whose variables are known ones. */
  Decoder<String> text(Use use) {
    return found ->
        Decoders.text()
            .decode(found)
            .map(text -> {
              Variables.faults(text, use, hasPackage).forEach(found::fault);
              return text;
            });
  }

  /** An argument vector whose program is an absolute path, or begins with a folder's variable. */
  Decoder<List<String>> command(Use use) {
    return found -> {
      if (found.node() instanceof DocumentNode.Scalar) {
        return found.fault(
            found.kind() + " (expected: a list: the program and each of its arguments)");
      }
      return list(1, MOST_ARGUMENTS, text(use))
          .decode(found)
          .flatMap(command -> programIsAbsolute(found, command));
    };
  }

  private static Optional<List<String>> programIsAbsolute(Found found, List<String> command) {
    boolean absolute =
        !command.isEmpty()
            && (command.getFirst().startsWith("/")
                || Variables.beginsWithFolder(command.getFirst()));
    return absolute || command.isEmpty()
        ? Optional.of(command)
        : found.fault(
            "the program "
                + Shown.of(command.getFirst())
                + " (expected: an absolute path, or one that begins with {{package}})");
  }

  Optional<List<DefinedFile>> files(Found found) {
    return mapping(
            MOST_FILES,
            FILE_PATH,
            "a path below the agent's config folder, without ..",
            this::fileContents)
        .decode(found)
        .map(contents -> {
          List<DefinedFile> files = new ArrayList<>();
          contents.forEach((path, file) -> files.add(file.at(path)));
          return files;
        });
  }

  private record FileContents(int mode, Apply apply, List<String> validate, Source source) {
    DefinedFile at(String path) {
      return new DefinedFile(path, mode, apply, validate, source);
    }
  }

  private Optional<FileContents> fileContents(Found found) {
    return Section.open(found, List.of("mode", "apply", "validate", "content", "template"))
        .flatMap(section -> {
          int mode = section.find("mode", mode()).orElse(DEFAULT_MODE);
          Apply apply = section.find("apply", ProgramReader::apply).orElse(new Apply.Restart());
          List<String> validate =
              section.find("validate", command(Use.VALIDATE_COMMAND)).orElse(List.of());
          return source(section)
              .flatMap(source -> narrowEnough(section, mode, source))
              .map(source -> new FileContents(mode, apply, validate, source));
        });
  }

  /** Everybody on the host could read it otherwise. */
  private static Optional<Source> narrowEnough(Section section, int mode, Source source) {
    boolean secret =
        source instanceof Source.Template(String text) && !Variables.secrets(text).isEmpty();
    return secret && (mode & ~WIDEST_WITH_SECRET) != 0
        ? section.fault(
            "mode %04o of a file with a secret (expected: 0640 or less)".formatted(mode))
        : Optional.of(source);
  }

  private Optional<Source> source(Section section) {
    if (section.has("content") == section.has("template")) {
      return section.fault("exactly one of `content` and `template` is expected");
    }
    return section.has("content")
        ? section.find("content", Decoders.text()).map(Source.Content::new)
        : section.find("template", text(Use.TEXT)).map(Source.Template::new);
  }

  private static Optional<Apply> apply(Found found) {
    return Decoders.text()
        .decode(found)
        .flatMap(text ->
            switch (text) {
              case "restart" -> Optional.of(new Apply.Restart());
              case "none" -> Optional.of(new Apply.Nothing());
              default ->
                  signal(text)
                      .or(() ->
                          found.fault(
                              Shown.of(text)
                                  + " (expected: restart, none or signal:NAME, like"
                                  + " signal:HUP)"));
            });
  }

  private static Optional<Apply> signal(String text) {
    String prefix = "signal:";
    return Optional.of(text)
        .filter(word -> word.startsWith(prefix))
        .map(word -> word.substring(prefix.length()))
        .filter(Words.SIGNALS::containsKey)
        .map(Apply.Signal::new);
  }

  Optional<Readiness> readiness(Found found) {
    List<String> signs = List.of("http", "tcp", "command", "delay", "line");
    return Section.open(found, Stream.concat(signs.stream(), Stream.of("timeout")).toList())
        .flatMap(section -> {
          if (signs.stream().filter(section::has).count() != 1) {
            return section.fault(
                "exactly one of `http`, `tcp`, `command`, `delay` and `line` is expected");
          }
          if (section.has("delay")) {
            return section.has("timeout")
                ? section.fault("no `timeout` is expected beside `delay`")
                : section
                    .find("delay", duration(Duration.ofMillis(100), HOUR))
                    .map(delay -> new Readiness(new Sign.StayedUp(), delay));
          }
          Duration timeout =
              section.find("timeout", duration(SECOND, HOUR)).orElse(Readiness.DEFAULT_TIMEOUT);
          return section.has("line")
              ? section
                  .find("line", this::line)
                  .map(line -> new Readiness(new Sign.Line(line), timeout))
              : probe(section).map(probe -> new Readiness(probe, timeout));
        });
  }

  private Optional<String> line(Found found) {
    return text(Use.COMMAND)
        .decode(found)
        .flatMap(text ->
            text.isEmpty()
                    || text.length() > LONGEST_LINE
                    || text.chars().anyMatch(Character::isISOControl)
                ? found.fault(
                    Shown.of(text)
                        + " (expected: 1 to "
                        + LONGEST_LINE
                        + " characters of one line of output)")
                : Optional.of(text));
  }

  Optional<HealthCheck> healthCheck(Found found) {
    List<String> keys =
        List.of(
            "http", "tcp", "command", "interval", "timeout", "startPeriod", "retries", "onFailure");
    return Section.open(found, keys)
        .flatMap(section -> {
          Duration interval =
              section.find("interval", duration(SECOND, HOUR)).orElse(HealthCheck.DEFAULT_INTERVAL);
          Duration timeout =
              section
                  .find("timeout", duration(Duration.ofMillis(100), Duration.ofMinutes(10)))
                  .orElse(HealthCheck.DEFAULT_TIMEOUT);
          Duration startPeriod =
              section.find("startPeriod", duration(Duration.ZERO, HOUR)).orElse(Duration.ZERO);
          int retries =
              section.find("retries", integer(1, 100)).orElse(HealthCheck.DEFAULT_RETRIES);
          HealthCheck.OnFailure onFailure =
              section
                  .find("onFailure", choice(Words.ON_FAILURE))
                  .orElse(HealthCheck.OnFailure.REPORT);
          return probe(section)
              .map(probe ->
                  new HealthCheck(probe, interval, timeout, startPeriod, retries, onFailure));
        });
  }

  private Optional<Probe> probe(Section section) {
    List<String> given = List.of("http", "tcp", "command").stream().filter(section::has).toList();
    if (given.size() != 1) {
      return section.fault("exactly one of `http`, `tcp` and `command` is expected");
    }
    return switch (given.getFirst()) {
      case "http" -> section.find("http", this::http);
      case "tcp" -> section.find("tcp", this::tcp);
      default -> section.find("command", command(Use.COMMAND)).map(Probe.Command::new);
    };
  }

  private Optional<Probe> http(Found found) {
    return text(Use.COMMAND)
        .decode(found)
        .flatMap(text ->
            Variables.appearIn(text) || isHttp(text)
                ? Optional.of(new Probe.Http(text))
                : found.fault(
                    Shown.of(text)
                        + " (expected: a URL of the host, like http://127.0.0.1:5066/)"));
  }

  private Optional<Probe> tcp(Found found) {
    return text(Use.COMMAND)
        .decode(found)
        .flatMap(text ->
            Variables.appearIn(text) || isAddress(text)
                ? Optional.of(new Probe.Tcp(text))
                : found.fault(Shown.of(text) + " (expected: host:port, like 127.0.0.1:5066)"));
  }

  Optional<Hook> hook(Found found) {
    return Section.open(found, List.of("command", "timeout"))
        .flatMap(section -> {
          Duration timeout =
              section.find("timeout", duration(SECOND, HOUR)).orElse(Hook.DEFAULT_TIMEOUT);
          return section
              .require("command", command(Use.COMMAND))
              .map(command -> new Hook(command, timeout));
        });
  }

  Optional<Script> script(Found found) {
    return Section.open(found, List.of("script", "parameters", "timeout"))
        .flatMap(section -> {
          List<String> parameters =
              section
                  .find("parameters", list(0, MOST_ARGUMENTS, text(Use.COMMAND)))
                  .orElse(List.of());
          Duration timeout =
              section
                  .find("timeout", duration(SECOND, Duration.ofDays(1)))
                  .orElse(Script.DEFAULT_TIMEOUT);
          return section
              .require("script", Decoders.text())
              .map(script -> new Script(script, parameters, timeout));
        });
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = new URI(text);
      return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (URISyntaxException noUri) {
      return false;
    }
  }

  private static boolean isAddress(String text) {
    var matcher = TCP_ADDRESS.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int port = Integer.parseInt(matcher.group(2));
    return port >= 1 && port <= 65_535;
  }
}
