package io.easyagent.cli.sidecar;

import io.easyagent.api.PackageVersion;
import io.easyagent.api.Page;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.artifact.PackageText;
import io.easyagent.cli.console.OutputFormat;
import io.easyagent.cli.progress.Submission;
import io.easyagent.cli.progress.SubmitOptions;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import io.easyagent.cli.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sidecars: which version they are of, and how they are configured. */
@Command(name = "sidecar", description = "upgrade and configure the sidecars of hosts")
public final class SidecarCommands {
  private static final int LARGEST_CONFIGURATION = 64 << 10;

  private final Session session;

  public SidecarCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "push",
      description = {
        "store signed distributions of the sidecar in the server's repository",
        "Name, version and platform are those of the file's name."
      },
      footer = {"", "  easyagent sidecar push /opt/easyagent/current/sidecar/*.tar.gz"})
  int push(
      @Parameters(
              arity = "1..*",
              paramLabel = "FILE",
              description = "easyagent-sidecar-VERSION-PLATFORM.tar.gz, as it was made")
          List<Path> files,
      @Option(
              names = "--signature",
              paramLabel = "FILE",
              description = "of the one FILE; else FILE with .sig after it")
          Optional<Path> signature)
      throws IOException {
    if (signature.isPresent() && files.size() > 1) {
      throw CommandException.usage(
          "--signature: with " + files.size() + " files (expected: one, that it is of)");
    }
    List<Distribution> distributions = new ArrayList<>();
    for (Path file : files) {
      distributions.add(Distribution.of(file, signature));
    }
    List<PackageVersion> stored = new ArrayList<>();
    try (EasyAgentClient client = session.connect()) {
      for (Distribution each : distributions) {
        PackageVersion pushed =
            client.pushPackage(
                each.packageName(), each.version(), each.archive(), Optional.of(each.signature()));
        stored.add(pushed);
        if (session.options().output() == OutputFormat.table) {
          session.console().print(PackageText.line(pushed));
        }
      }
      session.show(new Page<>(stored, Optional.empty(), stored.size()), () -> {});
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "upgrade",
      description = {
        "put another version of the sidecar in the place of the one that runs",
        "No agent stops. A version that does not come up is rolled back."
      })
  int upgrade(
      @Option(
              names = "--version",
              required = true,
              paramLabel = "VERSION",
              description = "one that was pushed: \"package list\" shows them")
          String version,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(io.easyagent.api.Command.upgradeSidecar(version), targets, options);
  }

  @Command(
      name = "configure",
      description = {
        "give sidecars another configuration",
        "No agent stops. One with which the sidecar does not come up is rolled back."
      })
  int configure(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "a whole sidecar.yaml; - is standard input")
          String file,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    String configuration = Inputs.text(session, "--file", file, LARGEST_CONFIGURATION);
    return run(io.easyagent.api.Command.configureSidecar(configuration), targets, options);
  }

  private int run(io.easyagent.api.Command command, TargetOptions targets, SubmitOptions options) {
    Targets chosen = targets.require(session);
    try (EasyAgentClient client = session.connect()) {
      return new Submission(session, client, options).run(command, chosen);
    }
  }
}
