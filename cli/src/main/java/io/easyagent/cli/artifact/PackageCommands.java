package io.easyagent.cli.artifact;

import io.easyagent.api.PackageVersion;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packages: named, versioned, checksummed archives in the server's repository. */
@Command(name = "package", description = "push, sign, list and remove packages")
public final class PackageCommands {
  private static final int SHORT_DIGEST = 12;

  private final Session session;

  public PackageCommands(Session session) {
    this.session = session;
  }

  /** {@code NAME@VERSION}. */
  record Reference(String name, String version) {
    static Reference parse(String text) {
      int at = text.indexOf('@');
      if (at < 1 || at == text.length() - 1) {
        throw CommandException.usage(
            "package: \"" + text + "\" (expected: NAME@VERSION, for example filebeat@8.15.3)");
      }
      return new Reference(text.substring(0, at), text.substring(at + 1));
    }
  }

  @Command(
      name = "push",
      description = "store an archive, or a folder packed into one, in the server's repository")
  int push(
      @Parameters(
              index = "0",
              paramLabel = "FILE|DIR",
              description = "a .tar.gz or .zip, or a folder")
          Path source,
      @Parameters(index = "1", paramLabel = "NAME@VERSION") String reference,
      @Option(
              names = "--signature",
              paramLabel = "FILE",
              description = "what \"package sign\" wrote, for hosts that demand a signature")
          Optional<Path> signature)
      throws IOException {
    Reference wanted = Reference.parse(reference);
    if (Files.isRegularFile(source)) {
      return push(
          source,
          wanted,
          signature.isEmpty()
              ? Optional.empty()
              : Optional.of(PackageSignature.read(signature.get())));
    }
    if (!Files.isDirectory(source)) {
      throw CommandException.usage(source + ": neither a file nor a folder");
    }
    if (signature.isPresent()) {
      throw CommandException.usage(
          "--signature: with the folder " + source + " (expected: the archive that was signed)");
    }
    Path archive = Files.createTempFile("easyagent-", ".tar.gz");
    try {
      try (OutputStream out = Files.newOutputStream(archive)) {
        FolderArchive.pack(source, wanted.name() + "-" + wanted.version(), out);
      }
      return push(archive, wanted, Optional.empty());
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private int push(Path archive, Reference wanted, Optional<byte[]> signature) {
    try (EasyAgentClient client = session.connect()) {
      PackageVersion stored =
          client.pushPackage(wanted.name(), wanted.version(), archive, signature);
      session.show(stored, () -> session.console().print(PackageText.line(stored)));
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "sign",
      description = {
        "sign an archive for hosts whose policy demands it; asks no server",
        "The signature is for this name, this version and these bytes."
      })
  int sign(
      @Parameters(index = "0", paramLabel = "FILE", description = "the archive") Path archive,
      @Parameters(index = "1", paramLabel = "NAME@VERSION") String reference,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "an Ed25519 private key, PEM")
          Path key,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "where to write it; else the archive's name with .sig")
          Optional<Path> out)
      throws IOException {
    Reference wanted = Reference.parse(reference);
    if (!Files.isRegularFile(archive)) {
      throw CommandException.usage(archive + ": no file (expected: the archive to be pushed)");
    }
    Path target = out.orElse(archive.resolveSibling(archive.getFileName() + ".sig"));
    Files.write(target, PackageSignature.sign(wanted.name(), wanted.version(), archive, key));
    session.console().print(target.toString());
    return ExitStatus.DONE;
  }

  @Command(name = "list", description = "list packages")
  int list(
      @Parameters(
              arity = "0..1",
              paramLabel = "NAME",
              description = "only versions of this package")
          Optional<String> name) {
    try (EasyAgentClient client = session.connect()) {
      Page<PackageVersion> packages = client.packages(name).collect(Long.MAX_VALUE);
      session.show(packages, () -> print(packages));
      return ExitStatus.DONE;
    }
  }

  private void print(Page<PackageVersion> packages) {
    Table table =
        new Table()
            .flexible("PACKAGE")
            .column("VERSION")
            .column("SIZE")
            .column("SHA256")
            .column("SIGNED")
            .column("PUSHED")
            .flexible("BY");
    for (PackageVersion stored : packages.items()) {
      table.row(
          stored.name(),
          stored.version(),
          Figures.size(stored.size()),
          stored.sha256().substring(0, Math.min(SHORT_DIGEST, stored.sha256().length())),
          stored.signature().isPresent() ? "yes" : "no",
          Figures.fullTime(stored.pushedAt(), session.zone()),
          stored.pushedBy());
    }
    if (!packages.items().isEmpty()) {
      session.console().print(table);
    }
    session.console().print(Figures.count(packages.total(), "package version"));
  }

  @Command(name = "remove", description = "remove a package version that nobody uses")
  int remove(@Parameters(paramLabel = "NAME@VERSION") String reference) {
    Reference unwanted = Reference.parse(reference);
    try (EasyAgentClient client = session.connect()) {
      client.removePackage(unwanted.name(), unwanted.version());
      session.console().note("removed " + unwanted.name() + "@" + unwanted.version());
      return ExitStatus.DONE;
    }
  }
}
