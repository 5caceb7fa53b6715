package io.easyagent.cli.sidecar;

import io.easyagent.cli.artifact.PackageSignature;
import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A distribution of the sidecar as it was made: its file's name says what it is. */
record Distribution(Path archive, String packageName, String version, byte[] signature) {
  private static final Pattern NAME =
      Pattern.compile(
          "easyagent-sidecar-(?<version>[A-Za-z0-9][A-Za-z0-9._+~-]*)"
              + "-(?<platform>linux-[a-z0-9_]+)\\.tar\\.gz");

  /**
   * @param signature empty: it lies beside the archive
   * @throws CommandException when it is none, or is not signed
   */
  static Distribution of(Path archive, Optional<Path> signature) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(archive.getFileName()));
    if (!name.matches()) {
      throw CommandException.usage(
          archive
              + " (expected: a file named easyagent-sidecar-VERSION-PLATFORM.tar.gz, as it was"
              + " made)");
    }
    if (!Files.isRegularFile(archive)) {
      throw CommandException.usage(archive + ": no file");
    }
    Path signed = signature.orElse(archive.resolveSibling(archive.getFileName() + ".sig"));
    if (!Files.isRegularFile(signed)) {
      throw CommandException.usage(
          archive
              + ": not signed, "
              + signed
              + " does not exist (expected: its signature, without which no sidecar takes it;"
              + " --signature FILE where it is elsewhere)");
    }
    return new Distribution(
        archive,
        "easyagent-sidecar-" + name.group("platform"),
        name.group("version"),
        PackageSignature.read(signed));
  }
}
