package io.easyagent.cli.remote;

import io.easyagent.api.EnrollToken;
import io.easyagent.cli.remote.SshConnection.Ran;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Installs the sidecar on a machine: asks what it is, copies the archive into a private folder of
 * the user's, runs the install script in it, and takes the folder away, however it ends. The token
 * goes to the script's standard input. What is put into a command is a word of letters, digits and
 * a few signs; nothing else is.
 */
final class Installer {
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration COPY = Duration.ofMinutes(15);
  private static final Duration INSTALL = Duration.ofMinutes(5);
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/\\[\\]=-]{1,512}");
  private static final Pattern ENROLLED =
      Pattern.compile("enrolled.*?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  /** Read before the token: where sudo asked for no password, it would be read in its place. */
  private static final String MARK = "easyagent-token-follows";

  /** No script is larger. */
  private static final int MOST_SCRIPT = 65_536;

  private static final int SHOWN_LINES = 3;

  private final SshConnection connection;
  private final SshTarget target;
  private final boolean sudo;
  private final Secrets secrets;
  private final Consumer<String> progress;

  /**
   * @param sudo become root with it, where the user is not
   * @param progress told what is being done
   */
  Installer(
      SshConnection connection,
      SshTarget target,
      boolean sudo,
      Secrets secrets,
      Consumer<String> progress) {
    this.connection = connection;
    this.target = target;
    this.sudo = sudo;
    this.secrets = secrets;
    this.progress = progress;
  }

  /** How the user becomes root. */
  private record Root(String prefix, Optional<String> password) {}

  /** Gives out the sidecar for a platform. */
  interface Archives {
    /**
     * @throws RefusedHost when there is none
     */
    SidecarArchive require(String platform) throws RefusedHost;
  }

  /**
   * @return the host's id; empty when it was a host of the fleet already
   */
  Optional<UUID> install(EnrollToken token, Archives archives) throws RefusedHost {
    Ran asked = quick("uname -s; uname -m; id -u", "");
    List<String> said = asked.out().lines().map(String::strip).toList();
    if (asked.status() != 0 || said.size() < 3) {
      throw new RefusedHost("it does not say what it is: " + shown(asked));
    }
    if (!said.get(0).equals("Linux")) {
      throw new RefusedHost("system: " + said.get(0) + " (expected: Linux)");
    }
    Root root = root(said.get(2).equals("0"));
    SidecarArchive archive = archives.require("linux-" + said.get(1));
    progress.accept("copying the sidecar for linux-" + said.get(1));
    String folder = copy(archive);
    progress.accept("installing");
    String input =
        root.password().map(password -> password + "\n").orElse("")
            + MARK
            + "\n"
            + token.token().orElse("")
            + "\n";
    Ran ran = connection.run(command(folder, archive, token, root), stream(input), INSTALL);
    if (ran.status() != 0) {
      throw new RefusedHost("not installed: " + shown(ran));
    }
    Matcher enrolled = ENROLLED.matcher(ran.out());
    return enrolled.find() ? Optional.of(UUID.fromString(enrolled.group(1))) : Optional.empty();
  }

  private Root root(boolean already) throws RefusedHost {
    if (already) {
      return new Root("", Optional.empty());
    }
    if (!sudo) {
      throw new RefusedHost(
          "user: " + target.user() + " (expected: root)", "log in as root, or add --sudo");
    }
    if (quick("sudo -n true", "").status() == 0) {
      return new Root("sudo -n -- ", Optional.empty());
    }
    String password = secrets.sudo();
    // Alone first: what sudo takes for another try must not be the token.
    Ran tried = quick("sudo -S -k -p \"\" -v", password + "\n");
    if (tried.status() != 0) {
      throw new RefusedHost(
          "sudo does not make " + target.user() + " root: " + shown(tried),
          "see that the user may use sudo, and that the password is right");
    }
    return new Root("sudo -S -k -p \"\" -- ", Optional.of(password));
  }

  /** The folder on the machine that it is in; taken away again when not all of it arrives. */
  private String copy(SidecarArchive archive) throws RefusedHost {
    String name = word(archive.name());
    String script =
        ("set -eu; umask 077; d=$(mktemp -d \"$HOME/.easyagent-add.XXXXXXXX\");"
                + " trap \"rm -rf \\\"$d\\\"\" EXIT; trap \"exit 129\" HUP INT TERM;"
                + " cat >\"$d/%1$s\"; [ \"$(wc -c <\"$d/%1$s\")\" -eq %2$d ];"
                + " trap - EXIT; echo \"$d\"")
            .formatted(name, size(archive.file()));
    try (InputStream bytes = Files.newInputStream(archive.file())) {
      Ran ran = connection.run(shell(script), bytes, COPY);
      String folder = ran.out().strip();
      if (ran.status() != 0 || !WORD.matcher(folder).matches()) {
        throw new RefusedHost("not copied: " + shown(ran), "see that there is room in its home");
      }
      return folder;
    } catch (IOException failure) {
      throw new RefusedHost(archive.file() + ": " + failure.getMessage());
    }
  }

  /** The offline form of {@code enroll-token create}, in a folder that goes away. */
  private static String command(String folder, SidecarArchive archive, EnrollToken token, Root root)
      throws RefusedHost {
    String file = "$d/" + word(archive.name());
    String top = archive.name().replaceFirst("\\.tar\\.gz$", "");
    String pinned =
        archive
            .script()
            .map(digest ->
                "printf \"%%s\\n\" \"$s\" | sha256sum | grep -q \"^%s \"".formatted(digest))
            .orElse("[ -n \"$s\" ]");
    return shell(
        ("set -u; d=%s; trap \"rm -rf \\\"$d\\\"\" EXIT; trap \"exit 129\" HUP INT TERM;"
                + " s=$(tar -xzOf \"%s\" \"%s/install.sh\" | head -c %d);"
                + " %s || { echo \"install.sh in the archive is not the one that is expected\" >&2; exit 1; };"
                + " %ssh -c \"IFS= read -r m && [ \\\"\\$m\\\" = %s ] || exit 97;"
                + " exec sh -c \\\"\\$0\\\" install.sh \\\"\\$@\\\"\" \"$s\""
                + " --server %s --fingerprint %s --archive \"%s\" --sha256 %s --token-file -")
            .formatted(
                folder,
                file,
                word(top),
                MOST_SCRIPT,
                pinned,
                root.prefix(),
                MARK,
                word(token.server()),
                word(token.fingerprint()),
                file,
                word(archive.sha256())));
  }

  private Ran quick(String line, String input) throws RefusedHost {
    return connection.run(shell(line), stream(input), QUICK);
  }

  /** Whatever shell the user has. */
  private static String shell(String script) {
    return "sh -c '" + script + "'";
  }

  private static String word(String value) throws RefusedHost {
    if (!WORD.matcher(value).matches()) {
      throw new RefusedHost("\"" + value + "\" cannot be part of a command for a shell");
    }
    return value;
  }

  private static long size(Path file) throws RefusedHost {
    try {
      return Files.size(file);
    } catch (IOException failure) {
      throw new RefusedHost(file + ": " + failure.getMessage());
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The last lines of what it said. */
  private static String shown(Ran ran) {
    List<String> lines =
        (ran.err().isBlank() ? ran.out() : ran.err())
            .lines()
            .map(line -> line.replaceFirst("^easyagent: ", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.isEmpty()
        ? "exit " + ran.status()
        : String.join("; ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }
}
