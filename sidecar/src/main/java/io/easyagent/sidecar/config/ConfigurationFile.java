package io.easyagent.sidecar.config;

import io.easyagent.sidecar.config.YamlSettings.Value;
import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code sidecar.yaml}.
 *
 * <pre>
 * server:
 *   addresses: [easyagent-1:8890, easyagent-2:8890]   # else the one of the enrolment
 *   reconnect: 1s..15s                                # bounds of the wait after a broken session
 * data: /var/lib/easyagent-sidecar
 * log:
 *   level: info                                       # error, warning, info, debug
 * policy: /etc/easyagent-sidecar/policy.yaml          # the host's own rules
 * definitions: /etc/easyagent-sidecar/agents          # agents that are defined on the host
 * </pre>
 */
public final class ConfigurationFile {
  private static final long LARGEST = 1 << 20;
  private static final Map<String, Level> LEVELS =
      Map.of(
          "error", Level.SEVERE,
          "warning", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE);

  private static final Pattern RANGE =
      Pattern.compile("([0-9]{1,6})(ms|s|m)[.][.]([0-9]{1,6})(ms|s|m)");

  private final YamlSettings yaml;

  private ConfigurationFile(String name) {
    this.yaml = YamlSettings.of(name);
  }

  public static Configuration read(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > LARGEST) {
        throw new ConfigurationException(
            file + ": " + Files.size(file) + " bytes (expected: at most " + LARGEST + ")");
      }
      return parse(file.toString(), Files.readString(file)).of(file);
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(file + ": is not there (expected: a file)", missing);
    } catch (IOException unreadable) {
      throw new ConfigurationException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  /**
   * @param name for messages
   */
  public static Configuration parse(String name, String text) throws ConfigurationException {
    return new ConfigurationFile(name)
        .configuration(
            YamlSettings.read(
                name, text, List.of("server", "data", "log", "policy", "definitions")));
  }

  private Configuration configuration(Map<String, Value> settings) throws ConfigurationException {
    List<ServerAddress> addresses = new ArrayList<>();
    Backoff reconnect = Backoff.USUAL;
    if (settings.containsKey("server")) {
      Map<String, Value> server =
          yaml.mapping(settings.get("server"), "server.", List.of("addresses", "reconnect"));
      if (server.containsKey("addresses")) {
        addresses.addAll(addresses(server.get("addresses")));
      }
      if (server.containsKey("reconnect")) {
        reconnect = reconnect(server.get("reconnect"));
      }
    }
    Path data = absolute(settings, "data").orElse(Configuration.USUAL_DATA);
    Level level = Level.INFO;
    if (settings.containsKey("log")) {
      Map<String, Value> log = yaml.mapping(settings.get("log"), "log.", List.of("level"));
      if (log.containsKey("level")) {
        level = level(log.get("level"));
      }
    }
    return new Configuration(
        addresses,
        reconnect,
        data,
        level,
        absolute(settings, "policy"),
        absolute(settings, "definitions"));
  }

  private Optional<Path> absolute(Map<String, Value> settings, String key)
      throws ConfigurationException {
    Value node = settings.get(key);
    if (node == null) {
      return Optional.empty();
    }
    String text = yaml.scalar(node, key);
    if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
      throw yaml.at(node, key + ": " + text + " (expected: an absolute path)");
    }
    return Optional.of(Path.of(text));
  }

  private List<ServerAddress> addresses(Value node) throws ConfigurationException {
    List<Value> list = yaml.list(node, "server.addresses");
    if (list.isEmpty()) {
      throw yaml.at(node, "server.addresses: expected a list of HOST:PORT");
    }
    List<ServerAddress> addresses = new ArrayList<>();
    for (Value element : list) {
      try {
        addresses.add(ServerAddress.parse(yaml.scalar(element, "server.addresses")));
      } catch (IllegalArgumentException malformed) {
        throw yaml.at(element, String.valueOf(malformed.getMessage()));
      }
    }
    return addresses;
  }

  private Backoff reconnect(Value node) throws ConfigurationException {
    String text = yaml.scalar(node, "server.reconnect");
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw yaml.at(node, "server.reconnect: " + text + " (expected: a range like 1s..15s)");
    }
    try {
      return new Backoff(
          duration(range.group(1), range.group(2)), duration(range.group(3), range.group(4)));
    } catch (IllegalArgumentException reversed) {
      throw yaml.at(node, "server.reconnect: " + reversed.getMessage());
    }
  }

  private static Duration duration(String number, String unit) {
    long count = Long.parseLong(number);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMinutes(count);
    };
  }

  private Level level(Value node) throws ConfigurationException {
    String text = yaml.scalar(node, "log.level");
    Level level = LEVELS.get(text);
    if (level == null) {
      throw yaml.at(node, "log.level: " + text + " (expected: error, warning, info or debug)");
    }
    return level;
  }
}
