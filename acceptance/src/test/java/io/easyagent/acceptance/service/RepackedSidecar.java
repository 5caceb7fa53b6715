package io.easyagent.acceptance.service;

import io.easyagent.acceptance.realhost.Distribution;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes other versions of the built sidecar, good ones and bad ones, and signs them as a release.
 */
final class RepackedSidecar {
  private static final String PLATFORM = "linux-" + machine();

  private final Path folder;
  private final KeyPair key;

  /**
   * @param folder where archives and signatures come to lie
   */
  RepackedSidecar(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.key = newKey();
  }

  private static String machine() {
    String architecture = System.getProperty("os.arch");
    return architecture.equals("amd64") ? "x86_64" : architecture;
  }

  private static KeyPair newKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** What a host accepts versions by. */
  String releaseKeys() {
    return "# of the tests\n"
        + Base64.getEncoder().encodeToString(key.getPublic().getEncoded())
        + "\n";
  }

  /** That version, as good as the built one. */
  Path good(String version) throws IOException, InterruptedException {
    return pack(unpacked(version));
  }

  /**
   * That version, which says what it is and does something else when it is to run.
   *
   * @param instead a line for the shell; {@code $real} is the program that would run
   */
  Path bad(String version, String instead) throws IOException, InterruptedException {
    Path home = unpacked(version);
    Path program = home.resolve("bin/easyagent-sidecar");
    Files.move(program, home.resolve("bin/real"));
    Files.writeString(
        program,
        """
        #!/bin/sh
        real=$(dirname "$0")/real
        if [ "${1:-}" = run ]; then
          %s
        fi
        exec "$real" "$@"
        """
            .formatted(instead));
    execute("chmod", "755", program.toString());
    return pack(home);
  }

  /** Half of that version, signed as it is. */
  Path truncated(String version) throws IOException, InterruptedException {
    Path archive = good(version);
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    sign(archive, key);
    return archive;
  }

  /** That version, signed by somebody else. */
  Path foreign(String version) throws IOException, InterruptedException {
    Path archive = good(version);
    sign(archive, newKey());
    return archive;
  }

  private Path unpacked(String version) throws IOException, InterruptedException {
    Path home = folder.resolve("easyagent-sidecar-" + version + "-" + PLATFORM);
    execute("cp", "-a", Distribution.sidecar().toString(), home.toString());
    execute("chmod", "-R", "u+w", home.toString());
    Files.writeString(home.resolve("release-keys"), releaseKeys());
    rename(home, version);
    // It remembers what the jar said.
    Files.delete(home.resolve("lib/sidecar.aot"));
    return home;
  }

  /** What it says it is stands in the manifest of its jar. */
  private static void rename(Path home, String version) throws IOException {
    Path jar;
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      jar =
          files
              .filter(file -> file.getFileName().toString().startsWith("easyagent-sidecar-2"))
              .findFirst()
              .orElseThrow();
    }
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
      Path manifest = zip.getPath("META-INF/MANIFEST.MF");
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replaceAll("Implementation-Version: .*", "Implementation-Version: " + version));
    }
  }

  private Path pack(Path home) throws IOException, InterruptedException {
    Path archive = folder.resolve(home.getFileName() + ".tar.gz");
    execute(
        "sh",
        "-c",
        "tar -C \"$1\" --owner=0 --group=0 -c \"$2\" | gzip -1 >\"$3\" && rm -r \"$1/$2\"",
        "pack",
        folder.toString(),
        home.getFileName().toString(),
        archive.toString());
    sign(archive, key);
    return archive;
  }

  private static void sign(Path archive, KeyPair by) throws IOException {
    String name = archive.getFileName().toString();
    String version =
        name.substring("easyagent-sidecar-".length(), name.length() - PLATFORM.length() - 8);
    try {
      String sha256 =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(by.getPrivate());
      signing.update(
          "easyagent-package-1\neasyagent-sidecar-%s\n%s\n%s\n"
              .formatted(PLATFORM, version, sha256)
              .getBytes(StandardCharsets.UTF_8));
      Files.write(archive.resolveSibling(name + ".sig"), signing.sign());
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void execute(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + "\n" + said);
    }
  }
}
