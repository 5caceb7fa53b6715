package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.YamlSettings;
import io.easyagent.sidecar.config.YamlSettings.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code policy.yaml} says. A rule that is not there allows everything. */
final class PolicyText {
  private static final List<String> KEYS =
      List.of(
          "users",
          "root",
          "paths",
          "packages",
          "exec",
          "operations",
          "environment",
          "health",
          "logs",
          "sidecar");

  private final YamlSettings yaml;
  private final Map<String, Value> settings;

  private PolicyText(YamlSettings yaml, Map<String, Value> settings) {
    this.yaml = yaml;
    this.settings = settings;
  }

  static Policy read(String name, String text) throws ConfigurationException {
    return new PolicyText(YamlSettings.of(name), YamlSettings.read(name, text, KEYS)).policy();
  }

  private Policy policy() throws ConfigurationException {
    Optional<Set<String>> users = users();
    return new Policy(
        users,
        flag("root", users.isEmpty()),
        paths(),
        packages(),
        flag("exec", true),
        operations(),
        environment(),
        healthAddresses(),
        flag("logs", true),
        sidecarKeys());
  }

  private Optional<Set<String>> users() throws ConfigurationException {
    Value node = settings.get("users");
    if (node == null) {
      return Optional.empty();
    }
    Set<String> users = new LinkedHashSet<>();
    for (Value element : yaml.list(node, "users")) {
      String user = yaml.scalar(element, "users");
      if (user.equals("root")) {
        throw yaml.at(
            element, "users: root (expected: \"root: true\", which is for uid 0 of any name)");
      }
      users.add(user);
    }
    return Optional.of(users);
  }

  private boolean flag(String key, boolean usual) throws ConfigurationException {
    Value node = settings.get(key);
    if (node == null) {
      return usual;
    }
    String text = yaml.scalar(node, key);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw yaml.at(node, key + ": " + text + " (expected: true or false)");
    };
  }

  private Optional<List<Path>> paths() throws ConfigurationException {
    Value node = settings.get("paths");
    if (node == null) {
      return Optional.empty();
    }
    List<Path> paths = new ArrayList<>();
    for (Value element : yaml.list(node, "paths")) {
      String text = yaml.scalar(element, "paths");
      if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
        throw yaml.at(element, "paths: " + text + " (expected: an absolute path of a folder)");
      }
      paths.add(real(Path.of(text).normalize()));
    }
    return Optional.of(paths);
  }

  /** A folder that is not there yet allows nothing but what will lie at this very place. */
  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException notThere) {
      Path above = path.getParent();
      Path name = path.getFileName();
      return above == null || name == null || Files.isSymbolicLink(path)
          ? path
          : real(above).resolve(name);
    }
  }

  private PackageRules packages() throws ConfigurationException {
    Value node = settings.get("packages");
    if (node == null) {
      return PackageRules.USUAL;
    }
    Map<String, Value> values = yaml.mapping(node, "packages.", List.of("names", "keys"));
    Value keysNode = values.get("keys");
    List<SigningKey> keys =
        keysNode == null
            ? List.of()
            : keys(keysNode, "packages.keys", "without this key no signature is demanded");
    Value names = values.get("names");
    return new PackageRules(
        names == null ? Optional.empty() : Optional.of(patterns(names, "packages.names")), keys);
  }

  private Optional<KeyRing> sidecarKeys() throws ConfigurationException {
    Value node = settings.get("sidecar");
    if (node == null) {
      return Optional.empty();
    }
    Value keys = yaml.mapping(node, "sidecar.", List.of("keys")).get("keys");
    return keys == null
        ? Optional.empty()
        : Optional.of(
            new KeyRing(
                keys(
                    keys,
                    "sidecar.keys",
                    "without this key those hold that came with the installation"),
                "sidecar.keys in the host's policy"));
  }

  private List<SigningKey> keys(Value node, String field, String without)
      throws ConfigurationException {
    List<SigningKey> keys = new ArrayList<>();
    for (Value element : yaml.list(node, field)) {
      keys.add(key(element, field));
    }
    if (keys.isEmpty()) {
      throw yaml.at(node, field + ": empty (expected: at least one key; " + without + ")");
    }
    return keys;
  }

  private SigningKey key(Value element, String field) throws ConfigurationException {
    String text = yaml.scalar(element, field);
    try {
      return SigningKey.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw yaml.at(
          element,
          field
              + ": "
              + text
              + " (expected: an Ed25519 public key, the middle line of what \"openssl pkey"
              + " -pubout\" prints)");
    }
  }

  private Set<OperationKind> operations() throws ConfigurationException {
    Value node = settings.get("operations");
    Set<OperationKind> all = EnumSet.allOf(OperationKind.class);
    if (node == null) {
      return all;
    }
    Set<OperationKind> operations = EnumSet.noneOf(OperationKind.class);
    for (Value element : yaml.list(node, "operations")) {
      String word = yaml.scalar(element, "operations");
      operations.add(
          Stream.of(OperationKind.values())
              .filter(kind -> kind.word().equals(word))
              .findFirst()
              .orElseThrow(() ->
                  yaml.at(
                      element,
                      "operations: "
                          + word
                          + " (expected: of "
                          + all.stream().map(OperationKind::word).toList()
                          + ")")));
    }
    return operations;
  }

  private VariableRules environment() throws ConfigurationException {
    Value node = settings.get("environment");
    if (node == null) {
      return VariableRules.USUAL;
    }
    Map<String, Value> values = yaml.mapping(node, "environment.", List.of("allow", "refuse"));
    Value allow = values.get("allow");
    Value refuse = values.get("refuse");
    return new VariableRules(
        allow == null ? List.of() : patterns(allow, "environment.allow"),
        refuse == null ? List.of() : patterns(refuse, "environment.refuse"));
  }

  private Optional<List<AddressRange>> healthAddresses() throws ConfigurationException {
    Value node = settings.get("health");
    if (node == null) {
      return Optional.empty();
    }
    Map<String, Value> values = yaml.mapping(node, "health.", List.of("addresses"));
    Value addresses = values.get("addresses");
    if (addresses == null) {
      return Optional.empty();
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (Value element : yaml.list(addresses, "health.addresses")) {
      String text = yaml.scalar(element, "health.addresses");
      try {
        ranges.add(AddressRange.parse(text));
      } catch (IllegalArgumentException malformed) {
        throw yaml.at(
            element,
            "health.addresses: " + text + " (expected: an address or a range like 10.0.0.0/8)");
      }
    }
    return Optional.of(ranges);
  }

  private List<NamePattern> patterns(Value node, String field) throws ConfigurationException {
    List<NamePattern> patterns = new ArrayList<>();
    for (Value element : yaml.list(node, field)) {
      String text = yaml.scalar(element, field);
      int star = text.indexOf('*');
      if (star >= 0 && star < text.length() - 1) {
        throw yaml.at(element, field + ": " + text + " (expected: a * at the end only)");
      }
      patterns.add(new NamePattern(text));
    }
    return patterns;
  }
}
