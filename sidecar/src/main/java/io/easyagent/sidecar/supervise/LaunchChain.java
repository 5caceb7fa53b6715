package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The programs that exec one another between a keeper and a command: own session, limits, user,
 * environment.
 */
final class LaunchChain {
  private static final int NAME_LENGTH = 15;

  private final HostPrograms programs;

  LaunchChain(HostPrograms programs) {
    this.programs = programs;
  }

  /** The account to switch to; empty when the command runs as the sidecar's own user. */
  Optional<UserAccount> accountFor(Optional<String> user) throws IOException {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    UserAccount account =
        UserAccount.find(user.get())
            .orElseThrow(() ->
                new LaunchException("user: " + user.get() + " (expected: a user of this host)"));
    int own = Processes.effectiveUser();
    if (account.user() == own) {
      return Optional.empty();
    }
    if (own != 0) {
      throw new LaunchException(
          "user: "
              + user.get()
              + " (expected: the sidecar's own user, because the sidecar does not run as root)");
    }
    return Optional.of(account);
  }

  /**
   * @param within what sets limits and priority on the way, see {@link ProcessBounds}
   */
  List<String> arguments(List<String> command, Optional<UserAccount> account, List<String> within)
      throws LaunchException {
    List<String> arguments = new ArrayList<>();
    arguments.add(programs.setsid());
    arguments.addAll(within);
    arguments.addAll(switchingTo(account));
    arguments.addAll(ChildEnvironment.restoring(programs.shell()));
    arguments.addAll(command);
    return arguments;
  }

  List<String> switchingTo(Optional<UserAccount> account) throws LaunchException {
    if (account.isEmpty()) {
      return List.of();
    }
    return List.of(
        required("setpriv", programs.setpriv()),
        "--reuid=" + account.get().user(),
        "--regid=" + account.get().group(),
        "--init-groups",
        "--inh-caps=-all",
        "--");
  }

  private static String required(String name, String program) throws LaunchException {
    if (program.isEmpty()) {
      throw new LaunchException("program: " + name + " (expected: on this host, from util-linux)");
    }
    return program;
  }

  /** The name that the kernel gives a process once it runs the command. */
  static String programName(List<String> command) {
    String name = String.valueOf(Path.of(command.getFirst()).getFileName());
    return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH);
  }

  /** Whether a process of this name is still on its way to the command of that name. */
  boolean isOnTheWay(String name, String program) {
    return !name.equals(program)
        && Set.of("env", "setsid", "prlimit", "nice", "setpriv", "sh", "bash", "dash", "busybox")
            .contains(name);
  }
}
