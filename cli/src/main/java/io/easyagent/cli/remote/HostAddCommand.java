package io.easyagent.cli.remote;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.remote.Addition.Result;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes machines hosts that are reached over SSH. */
@Command(
    name = "add",
    description = "make machines hosts over SSH: copy the sidecar there, install and enrol it",
    footer = {
      "",
      "Each machine's host key must be in the known hosts. Passwords come from a prompt or a file.",
      "",
      "  easyagent host add --ssh root@web-1 root@web-2 --identity ~/.ssh/id_ed25519 --label role=web"
    })
public final class HostAddCommand implements Callable<Integer> {
  private static final int LARGEST_FILE = 1 << 20;
  private static final int LARGEST_PASSWORD = 1024;
  private static final int MOST_AT_ONCE = 100;
  private static final List<String> USUAL_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  private final Session session;
  private final Path home;
  private final String user;
  private final Function<String, Optional<String>> prompt;

  @Option(
      names = "--ssh",
      arity = "1..*",
      paramLabel = "USER@HOST",
      description = "machines, as ssh names them; with :PORT where it is not 22")
  private List<String> machines = List.of();

  @Option(
      names = "--hosts-file",
      paramLabel = "FILE",
      description = "more machines, one a line; - is standard input")
  private Optional<String> hostsFile = Optional.empty();

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "a private key; repeatable (default: those in ~/.ssh)")
  private List<Path> identities = List.of();

  @Option(names = "--password", description = "ask for a password to log in with")
  private boolean password;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "the password to log in with; - is standard input")
  private Optional<String> passwordFile = Optional.empty();

  @Option(names = "--sudo", description = "become root with sudo where the user is not")
  private boolean sudo;

  @Option(
      names = "--sudo-password-file",
      paramLabel = "FILE",
      description = "what sudo asks for (default: the password to log in with, or a prompt)")
  private Optional<String> sudoPasswordFile = Optional.empty();

  @Option(
      names = "--known-hosts",
      paramLabel = "FILE",
      description = "keys of machines (default ~/.ssh/known_hosts)")
  private Optional<Path> knownHosts = Optional.empty();

  @Option(
      names = "--accept-new-host-keys",
      description = "trust machines that are not among the known hosts, and add them")
  private boolean acceptNewHostKeys;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description = "the sidecar's archive (default: the server's)")
  private Optional<Path> archive = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "given to every one of these hosts; repeatable")
  private List<String> labels = List.of();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "10",
      description = "machines at a time (default 10, at most 100)")
  private int parallel = 10;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "how long to wait for each to be online (default 2m)")
  private Optional<String> timeout = Optional.empty();

  /**
   * @param home the user's folder
   * @param user who logs in where a machine's name does not say it
   * @param prompt asks without showing what is typed; empty when there is nobody to ask
   */
  public HostAddCommand(
      Session session, Path home, String user, Function<String, Optional<String>> prompt) {
    this.session = session;
    this.home = home;
    this.user = user;
    this.prompt = prompt;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<SshTarget> targets = targets();
    if (parallel < 1 || parallel > MOST_AT_ONCE) {
      throw CommandException.usage(
          "--parallel: " + parallel + " (expected: 1 to " + MOST_AT_ONCE + ")");
    }
    archive.ifPresent(ServedArchives::check);
    Map<String, String> given = Inputs.pairs("--label", labels);
    Duration patience =
        Inputs.checkedDuration("--timeout", timeout)
            .map(text -> Inputs.duration("--timeout", text))
            .orElse(Duration.ofMinutes(2));
    HostAddition.Settings settings =
        new HostAddition.Settings(
            knownHosts.orElse(home.resolve(".ssh/known_hosts")),
            acceptNewHostKeys,
            keyFiles(),
            sudo,
            parallel,
            patience);
    Secrets secrets = secrets();
    EnrollTokenRequest request =
        new EnrollTokenRequest(
            given.isEmpty() ? Optional.empty() : Optional.of(given),
            Optional.of(targets.size()),
            Optional.of("1h"),
            Optional.empty(),
            Optional.empty());
    try (EasyAgentClient client = session.connect()) {
      EnrollToken token = client.createEnrollToken(request);
      try (ServedArchives archives = new ServedArchives(client, token.installation(), archive)) {
        return finished(add(client, settings, secrets, targets, token, archives));
      } finally {
        revoke(client, token);
      }
    }
  }

  private List<SshTarget> targets() {
    Set<SshTarget> targets = new LinkedHashSet<>();
    machines.forEach(text -> targets.add(SshTarget.parse("--ssh", text, user)));
    hostsFile.ifPresent(file ->
        Inputs.text(session, "--hosts-file", file, LARGEST_FILE)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .forEach(line -> targets.add(SshTarget.parse("--hosts-file", line, user))));
    if (targets.isEmpty()) {
      throw CommandException.usage(
          "which machines? (expected: --ssh USER@HOST or --hosts-file FILE)");
    }
    return List.copyOf(targets);
  }

  private List<Path> keyFiles() {
    if (!identities.isEmpty() || password || passwordFile.isPresent()) {
      return identities;
    }
    return USUAL_KEYS.stream().map(home.resolve(".ssh")::resolve).filter(Files::exists).toList();
  }

  private Secrets secrets() {
    if (password && passwordFile.isPresent()) {
      throw CommandException.usage("--password, --password-file: both (expected: one of them)");
    }
    if (sudoPasswordFile.isPresent() && !sudo) {
      throw CommandException.usage("--sudo-password-file: without --sudo (expected: with it)");
    }
    Optional<String> login =
        password
            ? Optional.of(
                prompt
                    .apply("password to log in with")
                    .orElseThrow(() ->
                        CommandException.usage(
                            "--password: there is no terminal to ask on (expected: --password-file"
                                + " FILE)")))
            : passwordFile.map(file -> oneLine("--password-file", file));
    return new Secrets(
        prompt, login, sudoPasswordFile.map(file -> oneLine("--sudo-password-file", file)));
  }

  private String oneLine(String option, String file) {
    List<String> lines = Inputs.text(session, option, file, LARGEST_PASSWORD).lines().toList();
    if (lines.size() != 1 || lines.getFirst().isEmpty()) {
      throw CommandException.usage(
          option + ": " + file + " has " + lines.size() + " lines (expected: one, the password)");
    }
    return lines.getFirst();
  }

  private List<Addition> add(
      EasyAgentClient client,
      HostAddition.Settings settings,
      Secrets secrets,
      List<SshTarget> targets,
      EnrollToken token,
      ServedArchives archives)
      throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    try {
      return new HostAddition(
              client,
              settings,
              secrets,
              session::nanoTime,
              (target, step) -> session.console().note(target + "  " + step))
          .add(
              targets,
              token,
              archives,
              addition -> {
                session.console().note(line(addition));
                session
                    .console()
                    .live(Line.of(done.incrementAndGet() + " of " + targets.size() + " done"));
              });
    } finally {
      session.console().endLive();
    }
  }

  private static Line line(Addition addition) {
    Line line =
        switch (addition.result()) {
          case online -> Line.of(Tint.good, "ok      ");
          case installed -> Line.of(Tint.bad, "WAITING ");
          case failed -> Line.of(Tint.bad, "FAILED  ");
        };
    return line.add(addition.target() + ": " + addition.message());
  }

  /** What is left of its uses is nobody's. */
  private void revoke(EasyAgentClient client, EnrollToken token) {
    try {
      client.revokeEnrollToken(token.id());
    } catch (ClientException failure) {
      session
          .console()
          .note(
              "the enrolment token "
                  + token.id()
                  + " was not revoked and ends by itself within the hour: "
                  + failure.getMessage());
    }
  }

  private int finished(List<Addition> additions) {
    session.show(additions, () -> print(additions));
    if (count(additions, Result.failed) > 0) {
      return ExitStatus.FAILED;
    }
    return count(additions, Result.installed) > 0 ? ExitStatus.UNFINISHED : ExitStatus.DONE;
  }

  private void print(List<Addition> additions) {
    List<String> figures = new ArrayList<>();
    figures.add(count(additions, Result.online) + " online");
    if (count(additions, Result.installed) > 0) {
      figures.add(count(additions, Result.installed) + " installed and not online yet");
    }
    if (count(additions, Result.failed) > 0) {
      figures.add(count(additions, Result.failed) + " failed");
    }
    session
        .console()
        .print(Figures.count(additions.size(), "host") + ": " + String.join(", ", figures));
    for (Addition addition : additions) {
      if (addition.result() != Result.online) {
        session
            .console()
            .print(Line.of(Tint.bad, "FAILED ").add(addition.target() + ": " + addition.message()));
        addition.next().ifPresent(next -> session.console().print("  " + next));
      }
    }
  }

  private static long count(List<Addition> additions, Result result) {
    return additions.stream().filter(addition -> addition.result() == result).count();
  }
}
