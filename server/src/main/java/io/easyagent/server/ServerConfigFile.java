package io.easyagent.server;

import io.easyagent.definition.Nearest;
import io.easyagent.definition.SizeText;
import io.easyagent.server.access.GivenAuthority;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.retention.Bound;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads {@code server.yaml}: a flat map whose keys are all known. */
final class ServerConfigFile {
  static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "data",
              "bind",
              "caCertificates",
              "caKey",
              "hostPort",
              "operatorPort",
              "names",
              "metricsInterval",
              "hostGoneAfter",
              "ephemeralGoneAfter",
              "maxPackageBytes",
              "sidecarArchives",
              "announcedAddresses",
              "backupWarningAfter",
              "upgradeBackups",
              "drainTimeout",
              "operationsKeptFor",
              "maxOperations",
              "outputsKeptFor",
              "maxOutputBytes",
              "eventsKeptFor",
              "maxEvents",
              "auditKeptFor",
              "maxAuditEntries",
              "maxHosts",
              "maxBatchHosts",
              "maxWatches",
              "maxLogStreams",
              "logFile",
              "logLevel",
              "logMaxSize",
              "logKeep"));

  /** The distribution's start script says with it where its archives are. */
  private static final String ARCHIVES = "easyagent.sidecarArchives";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");
  private static final int MOST_BYTES = 64 * 1024;
  private static final long USUAL_LOG_BYTES = 20 << 20;
  private static final int USUAL_LOGS_KEPT = 5;

  private final Map<String, Object> values;

  private ServerConfigFile(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * @param file absent: defaults
   * @param overrides by key; they win over the file
   * @throws IllegalArgumentException naming the file, the key and what was expected
   */
  static ServerConfig read(Optional<Path> file, Map<String, String> overrides) {
    return checked(file, overrides).config();
  }

  /** As {@link #read}, for where the log goes. */
  static LogSettings readLog(Optional<Path> file) {
    return checked(file, Map.of()).log();
  }

  private static ServerConfigFile checked(Optional<Path> file, Map<String, String> overrides) {
    Map<String, Object> values = new LinkedHashMap<>();
    file.ifPresent(path -> values.putAll(load(path)));
    values.putAll(overrides);
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key "
                + key
                + Nearest.find(key, KEYS)
                    .map(nearest -> " (did you mean " + nearest + "?)")
                    .orElse(" (expected: one of " + String.join(", ", KEYS) + ")"));
      }
    }
    return new ServerConfigFile(values);
  }

  private static Map<String, Object> load(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(
            file + ": " + Files.size(file) + " bytes (expected: at most " + MOST_BYTES + ")");
      }
      Object document = parse(file, Files.readString(file));
      Map<String, Object> values = new LinkedHashMap<>();
      if (document instanceof Map<?, ?> map) {
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
      } else if (document != null) {
        throw new IllegalArgumentException(file + ": no map (expected: key: value lines)");
      }
      return values;
    } catch (IOException failure) {
      throw new IllegalArgumentException(file + ": cannot be read: " + failure, failure);
    }
  }

  private static Object parse(Path file, String text) {
    try {
      return new Load(LoadSettings.builder().setLabel(file.toString()).build())
          .loadFromString(text);
    } catch (YamlEngineException | IllegalArgumentException malformed) {
      // The second is how the library says that it knows no such escape or tag.
      throw new IllegalArgumentException(file + ": " + malformed.getMessage(), malformed);
    }
  }

  private ServerConfig config() {
    return new ServerConfig(
        Path.of(text("data", "easyagent-data")),
        text("bind", "0.0.0.0"),
        (int) number("hostPort", 8890),
        (int) number("operatorPort", 8889),
        texts("names", List.of(hostName())),
        duration("metricsInterval", Duration.ofSeconds(30)),
        duration("hostGoneAfter", Duration.ofHours(24)),
        duration("ephemeralGoneAfter", Duration.ofMinutes(15)),
        number("maxPackageBytes", PackageRepository.USUAL_MOST_BYTES),
        sidecarArchives(),
        new Upkeep(
            texts("announcedAddresses", Upkeep.USUAL.announced()),
            duration("backupWarningAfter", Upkeep.USUAL.backupWarningAfter()),
            small("upgradeBackups", Upkeep.USUAL.upgradeBackups()),
            duration("drainTimeout", Upkeep.USUAL.drainTimeout()),
            retention(),
            limits()),
        authority());
  }

  private RetentionRules retention() {
    RetentionRules usual = RetentionRules.USUAL;
    return new RetentionRules(
        bound("operationsKeptFor", "maxOperations", usual.operations()),
        new Bound(
            duration("outputsKeptFor", usual.outputs().age()),
            size("maxOutputBytes", usual.outputs().most())),
        bound("eventsKeptFor", "maxEvents", usual.events()),
        bound("auditKeptFor", "maxAuditEntries", usual.audit()));
  }

  private Bound bound(String ageKey, String mostKey, Bound otherwise) {
    return new Bound(duration(ageKey, otherwise.age()), number(mostKey, otherwise.most()));
  }

  private ServerLimits limits() {
    return new ServerLimits(
        small("maxHosts", ServerLimits.USUAL.hosts()),
        small("maxBatchHosts", ServerLimits.USUAL.batchHosts()),
        small("maxWatches", ServerLimits.USUAL.watches()),
        small("maxLogStreams", ServerLimits.USUAL.logStreams()));
  }

  private LogSettings log() {
    String file = text("logFile", "");
    return new LogSettings(
        file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file).toAbsolutePath()),
        text("logLevel", "INFO"),
        size("logMaxSize", USUAL_LOG_BYTES),
        small("logKeep", USUAL_LOGS_KEPT));
  }

  private long size(String key, long otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    return SizeText.parse(value.toString())
        .orElseThrow(() ->
            new IllegalArgumentException(
                key + ": " + value + " (expected: a size, for example 20MiB)"));
  }

  private int small(String key, int otherwise) {
    return (int) Math.clamp(number(key, otherwise), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** What the file says, else what the distribution brought. */
  private Optional<Path> sidecarArchives() {
    if (values.containsKey("sidecarArchives")) {
      return Optional.of(Path.of(text("sidecarArchives", "")));
    }
    return Optional.ofNullable(System.getProperty(ARCHIVES))
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  private Optional<GivenAuthority> authority() {
    String certificates = text("caCertificates", "");
    String key = text("caKey", "");
    if (certificates.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException(
          (key.isEmpty() ? "caKey" : "caCertificates")
              + ": none (expected: caCertificates and caKey, or neither)");
    }
    return key.isEmpty()
        ? Optional.empty()
        : Optional.of(new GivenAuthority(Path.of(certificates), Path.of(key)));
  }

  private String text(String key, String otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IllegalArgumentException(key + ": " + value + " (expected: a text)");
  }

  private long number(String key, long otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value.toString());
      if (key.endsWith("Port") && number != (int) number) {
        throw new IllegalArgumentException(key + ": " + value + " (expected: 1 to 65535)");
      }
      return number;
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: a whole number)", none);
    }
  }

  private Duration duration(String key, Duration otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value.toString());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: a duration, for example 30s)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private List<String> texts(String key, List<String> otherwise) {
    Object value = values.get(key);
    return switch (value) {
      case null -> otherwise;
      case String text -> List.of(text);
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          list.stream().map(String.class::cast).toList();
      default ->
          throw new IllegalArgumentException(
              key + ": " + value + " (expected: a list of names or addresses)");
    };
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }
}
