package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  List<String> arguments(
      List<String> command, Optional<UserAccount> account, OptionalLong openFiles)
      throws LaunchException {
    List<String> arguments = new ArrayList<>();
    arguments.add(programs.setsid());
    if (openFiles.isPresent()) {
      arguments.add(required("prlimit", programs.prlimit()));
      arguments.add("--nofile=" + openFiles.getAsLong() + ":" + openFiles.getAsLong());
      arguments.add("--");
    }
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
        && Set.of("env", "setsid", "prlimit", "setpriv", "sh", "bash", "dash", "busybox")
            .contains(name);
  }

  /**
   * What this host can give of a wished number of open files.
   *
   * @param conditions gets a line when that is less
   */
  static OptionalLong openFiles(OptionalLong wished, List<String> conditions) throws IOException {
    if (wished.isEmpty()) {
      return wished;
    }
    long most = Processes.effectiveUser() == 0 ? kernelMost() : ownMost();
    if (wished.getAsLong() <= most) {
      return wished;
    }
    conditions.add("open files limit is " + most + ": this host does not give more");
    return OptionalLong.of(most);
  }

  /** Settings of the kernel must be read at once: a second read starts at the end. */
  private static long kernelMost() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys/fs/nr_open"))) {
      return Long.parseLong(new String(in.readNBytes(64), StandardCharsets.US_ASCII).strip());
    }
  }

  private static long ownMost() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split(" +")[1])
        .filter(value -> value.matches("[0-9]+"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
