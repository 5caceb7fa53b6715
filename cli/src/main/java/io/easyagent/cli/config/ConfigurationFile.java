package io.easyagent.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the configuration is kept: a YAML file that only its owner can read. */
public final class ConfigurationFile {
  private static final String LOGIN =
      "easyagent login --server https://HOST:8889 --fingerprint HEX --token-file FILE";
  private static final long LARGEST = 256 * 1024;
  private static final Set<String> KEYS = Set.of("server", "ca", "token");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;

  public ConfigurationFile(Path path) {
    this.path = path;
  }

  /** The file that was asked for, or that the environment names, or the usual one. */
  public static ConfigurationFile locate(
      Optional<Path> asked, Map<String, String> environment, Path home) {
    return new ConfigurationFile(
        asked
            .or(() -> variable(environment, "EASYAGENT_CONFIG").map(Path::of))
            .orElseGet(() ->
                variable(environment, "XDG_CONFIG_HOME")
                    .map(Path::of)
                    .orElseGet(() -> home.resolve(".config"))
                    .resolve("easyagent")
                    .resolve("config.yaml")));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  public Path path() {
    return path;
  }

  public boolean exists() {
    return Files.exists(path);
  }

  /**
   * @throws ConfigurationException when there is none, others can read it, or it says nonsense
   */
  public Configuration read() {
    try {
      refuseWhatOthersCanRead();
      if (Files.size(path) > LARGEST) {
        throw new ConfigurationException(
            path + ": larger than " + LARGEST + " bytes", "log in anew: " + LOGIN);
      }
      JsonNode document = new YAMLMapper().readTree(Files.readString(path));
      for (var names = document.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!KEYS.contains(name)) {
          throw new ConfigurationException(
              path + ": " + name + ": unknown key (expected: server, ca or token)",
              "remove it, or log in anew: " + LOGIN);
        }
      }
      return new Configuration(
          URI.create(required(document, "server")),
          required(document, "ca"),
          required(document, "token"));
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(
          "not logged in: " + path + " does not exist", "log in: " + LOGIN, missing);
    } catch (JsonProcessingException | IllegalArgumentException broken) {
      throw new ConfigurationException(
          path + ": not readable as YAML with server, ca and token",
          "log in anew: " + LOGIN,
          broken);
    } catch (IOException failure) {
      throw new ConfigurationException(
          path + ": cannot be read: " + failure.getClass().getSimpleName(),
          "check the file and its permissions",
          failure);
    }
  }

  private void refuseWhatOthersCanRead() throws IOException {
    if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      throw new ConfigurationException(
          path
              + ": others can use it ("
              + PosixFilePermissions.toString(permissions)
              + ", expected: rw-------); it holds a token",
          "chmod 600 " + path);
    }
  }

  private String required(JsonNode document, String key) {
    String value = document.path(key).asText("");
    if (value.isBlank()) {
      throw new ConfigurationException(path + ": " + key + ": missing", "log in anew: " + LOGIN);
    }
    return value;
  }

  /** Writes the file in one step; nobody else can read it at any moment. */
  public void write(Configuration configuration) throws IOException {
    YAMLMapper mapper =
        YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .build();
    ObjectNode document = mapper.createObjectNode();
    document.put("server", configuration.server().toString());
    document.put("token", configuration.token());
    document.put("ca", configuration.ca());
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(path + ": not a file");
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PRIVATE_FOLDER);
    }
    Path temporary = Files.createTempFile(folder, ".config", ".yaml", PRIVATE_FILE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(mapper.writeValueAsString(document));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
