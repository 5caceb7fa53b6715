package io.easyagent.acceptance.onboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.Distribution;
import io.easyagent.acceptance.realhost.RealHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server that gives the sidecar to new hosts, and what an admin makes with it. */
final class Onboarding implements AutoCloseable {
  /** Everything that the script makes, where there is systemd. */
  private static final List<String> PLACES =
      List.of(
          "/opt/easyagent-sidecar",
          "/var/lib/easyagent-sidecar",
          "/etc/easyagent-sidecar",
          "/usr/local/bin/easyagent-sidecar",
          "/etc/systemd/system/easyagent-sidecar.service",
          "/etc/systemd/system/multi-user.target.wants/easyagent-sidecar.service");

  private static final Pattern TOKEN = Pattern.compile("eae_[A-Za-z0-9_-]+");

  final ControlPlane server;

  /** Start a host first: the server is reached over the hosts' network. */
  Onboarding(Path folder) throws IOException {
    Path file = Files.createDirectories(folder).resolve("server.yaml");
    Files.writeString(file, "sidecarArchives: " + archives() + "\n");
    server = new ControlPlane(folder, "--config", file.toString());
  }

  private static Path archives() throws IOException {
    return Distribution.easyagent().resolve("sidecar");
  }

  /** The sidecar's archive, as it lies in the server's distribution. */
  static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(archives())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".tar.gz"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** What {@code easyagent enroll-token create} prints to be pasted. */
  String command(String... options) throws IOException {
    String[] words =
        Stream.concat(Stream.of("enroll-token", "create"), Stream.of(options))
            .toArray(String[]::new);
    return server.commandLine().run(words).expect(0).out();
  }

  static String token(String command) {
    Matcher found = TOKEN.matcher(command);
    if (!found.find()) {
      throw new AssertionError("no token in: " + command);
    }
    return found.group();
  }

  /** As if somebody had pasted it into root's shell. */
  static RealHost.Result paste(RealHost host, String command)
      throws IOException, InterruptedException {
    return host.runWithInput(command, "bash", "-s");
  }

  /** Those of the script's places that are there. */
  static List<String> found(RealHost host) throws IOException, InterruptedException {
    String listed =
        host.shell("ls -d " + String.join(" ", PLACES) + " 2>/dev/null; true").expect(0).output();
    return listed.lines().toList();
  }

  static void assertUntouched(RealHost host) throws IOException, InterruptedException {
    assertEquals(List.of(), found(host));
  }

  @Override
  public void close() throws InterruptedException {
    server.close();
  }
}
