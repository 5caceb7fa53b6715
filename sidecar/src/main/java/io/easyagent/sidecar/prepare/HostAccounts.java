package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Users of {@code /etc/passwd}, and, for names that are not there, of whatever else the host asks
 * (LDAP, SSSD), through {@code getent}.
 */
public final class HostAccounts implements Accounts {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}\\$?");
  private static final List<Path> GETENT =
      List.of(Path.of("/usr/bin/getent"), Path.of("/bin/getent"));

  private final Path passwd;
  private final Account own;

  public HostAccounts() throws IOException {
    this(Path.of("/etc/passwd"));
  }

  HostAccounts(Path passwd) throws IOException {
    this.passwd = passwd;
    this.own = ownAccount();
  }

  @Override
  public Account own() {
    return own;
  }

  @Override
  public Optional<Account> find(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return findInFile(name, 0).or(() -> findThroughGetent(name));
  }

  private Account ownAccount() throws IOException {
    int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    int gid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    Path home = Path.of(System.getProperty("user.home", "/"));
    return findInFile(Integer.toString(uid), 2)
        .orElseGet(() -> new Account(System.getProperty("user.name", "?"), uid, gid, home));
  }

  private Optional<Account> findInFile(String value, int field) {
    try (Stream<String> lines = Files.lines(passwd, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(HostAccounts::parse)
          .flatMap(Optional::stream)
          .filter(account ->
              field == 0
                  ? account.name().equals(value)
                  : Integer.toString(account.uid()).equals(value))
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** A name that begins with a dash cannot reach this: it is no name. */
  private static Optional<Account> findThroughGetent(String name) {
    Optional<Path> program = GETENT.stream().filter(Files::isExecutable).findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    try {
      Process process =
          new ProcessBuilder(program.get().toString(), "passwd", name)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String line =
          new String(process.getInputStream().readNBytes(4096), StandardCharsets.ISO_8859_1);
      return parse(line.strip()).filter(account -> account.name().equals(name));
    } catch (IOException failed) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<Account> parse(String line) {
    String[] fields = line.split(":", -1);
    if (fields.length < 7) {
      return Optional.empty();
    }
    try {
      String home = fields[5].startsWith("/") ? fields[5] : "/";
      return Optional.of(
          new Account(
              fields[0],
              Integer.parseUnsignedInt(fields[2]),
              Integer.parseUnsignedInt(fields[3]),
              Path.of(home)));
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }
}
