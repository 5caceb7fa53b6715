package io.easyagent.cli.remote;

import io.easyagent.api.Installation;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Archives that are copied to machines: the one that was given, or the server's, each fetched once
 * and held against its SHA-256. Safe for several threads; closing removes what was fetched.
 */
final class ServedArchives implements Installer.Archives, AutoCloseable {
  private final EasyAgentClient client;
  private final Optional<Installation> installation;
  private final Optional<Path> given;
  private final Map<String, SidecarArchive> known = new HashMap<>();
  private Optional<Path> folder = Optional.empty();

  ServedArchives(
      EasyAgentClient client, Optional<Installation> installation, Optional<Path> given) {
    this.client = client;
    this.installation = installation;
    this.given = given;
  }

  /** What the operator has; its name says its platform. */
  static void check(Path archive) {
    if (!Files.isRegularFile(archive)) {
      throw CommandException.usage("--archive: " + archive + " does not exist");
    }
    if (!archive
        .getFileName()
        .toString()
        .matches("easyagent-sidecar-[A-Za-z0-9.+-]+-linux-[a-z0-9_]+\\.tar\\.gz")) {
      throw CommandException.usage(
          "--archive: "
              + archive
              + " (expected: a file named easyagent-sidecar-VERSION-PLATFORM.tar.gz, as it was made)");
    }
  }

  @Override
  public synchronized SidecarArchive require(String platform) throws RefusedHost {
    SidecarArchive archive = known.get(platform);
    if (archive == null) {
      archive = given.isPresent() ? own(given.get(), platform) : fetched(platform);
      known.put(platform, archive);
    }
    return archive;
  }

  private static SidecarArchive own(Path file, String platform) throws RefusedHost {
    String name = file.getFileName().toString();
    if (!name.endsWith("-" + platform + ".tar.gz")) {
      throw new RefusedHost(
          "platform: " + platform + " (expected: that of " + name + ")",
          "give the archive for " + platform + " with --archive");
    }
    return new SidecarArchive(file, name, sha256(file), Optional.empty());
  }

  private SidecarArchive fetched(String platform) throws RefusedHost {
    Installation from =
        installation.orElseThrow(() ->
            new RefusedHost("the server has no sidecar to give", "give it with --archive FILE"));
    Installation.Archive archive =
        from.archives().stream()
            .filter(each -> each.platform().equals(platform))
            .findFirst()
            .orElseThrow(() ->
                new RefusedHost(
                    "platform: "
                        + platform
                        + " (expected: one that the server has the sidecar for)",
                    "give it with --archive FILE"));
    try {
      if (folder.isEmpty()) {
        folder = Optional.of(Files.createTempDirectory("easyagent-"));
      }
      Path file = folder.get().resolve(platform + ".tar.gz");
      client.fetchSidecar(platform, file);
      String actual = sha256(file);
      if (!actual.equals(archive.sha256())) {
        throw new RefusedHost(
            "the server's archive: SHA-256 " + actual + " (expected: " + archive.sha256() + ")");
      }
      return new SidecarArchive(file, archive.file(), actual, Optional.of(from.script()));
    } catch (ClientException failure) {
      throw new RefusedHost(
          "the server's archive: " + failure.getMessage(), "give it with --archive FILE");
    } catch (IOException failure) {
      throw new RefusedHost("no room for the server's archive: " + failure.getMessage());
    }
  }

  private static String sha256(Path file) throws RefusedHost {
    try (DigestInputStream bytes =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      bytes.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
    } catch (IOException failure) {
      throw new RefusedHost(file + ": " + failure.getMessage());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    if (folder.isEmpty()) {
      return;
    }
    try (var files = Files.list(folder.get())) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
      Files.delete(folder.get());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
