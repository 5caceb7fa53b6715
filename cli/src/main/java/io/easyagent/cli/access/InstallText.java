package io.easyagent.cli.access;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.Installation;
import io.easyagent.cli.session.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The commands that make a machine a host, to be pasted there into root's shell. Whatever they
 * fetch or read is pinned by its SHA-256, since the machine has no reason yet to trust any
 * authority. The token is in a here-document, so it is no argument of any process. The space before
 * the command keeps it out of the history of shells that are told to leave out such lines.
 */
final class InstallText {
  /** Nothing that a shell takes for more than a letter. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/\\[\\]-]{1,512}");

  /** No script is larger; so nobody can make the shell hold more. */
  private static final int MOST_SCRIPT = 65_536;

  private static final String FOUND =
      "[ -n \"$script\" ] || { echo \"$1: no install.sh in it; nothing was done\" >&2; exit 1; }";

  private InstallText() {}

  /** Fetches script and archive from the server's operators' port. */
  static List<String> online(EnrollToken token, Installation from) {
    String url = word("installation.url", from.url()) + "/install.sh";
    List<String> lines = new ArrayList<>();
    lines.add(" sh -c 'set -eu");
    lines.add(
        ("script=$({ curl -fsSkg --retry 3 \"%1$s\" || wget -qO- --no-check-certificate \"%1$s\"; }"
                + " | head -c %2$d)")
            .formatted(url, MOST_SCRIPT));
    lines.add(pinned(from));
    lines.add(
        "exec sh -c \"$script\" install.sh"
            + fleet(token)
            + " --operator-url \""
            + from.url()
            + "\""
            + digests(from.archives())
            + " --token-file -' <<'END'");
    return withToken(lines, token);
  }

  /** Needs a copied archive, and of the server only the hosts' port. */
  static List<String> offline(EnrollToken token) {
    Optional<Installation> from = token.installation();
    List<Installation.Archive> archives = from.map(Installation::archives).orElse(List.of());
    List<String> lines = new ArrayList<>();
    lines.add(" sh -c 'set -eu");
    lines.add(
        "script=$(tar -xzOf \"$1\" \"$(basename \"$1\" .tar.gz)/install.sh\" | head -c "
            + MOST_SCRIPT
            + ")");
    lines.add(from.map(InstallText::pinned).orElse(FOUND));
    lines.add(
        "exec sh -c \"$script\" install.sh"
            + fleet(token)
            + " --archive \"$1\""
            + digests(archives)
            + " --token-file -' sh "
            + archives.stream()
                .findFirst()
                .map(archive -> word("installation.archives.file", archive.file()))
                .orElse("easyagent-sidecar-VERSION-PLATFORM.tar.gz")
            + " <<'END'");
    return withToken(lines, token);
  }

  private static String pinned(Installation from) {
    return ("printf \"%%s\\n\" \"$script\" | sha256sum | grep -q \"^%s \" || { echo \"install.sh: not"
            + " there, or not the one that is pinned here; nothing was done\" >&2; exit 1; }")
        .formatted(word("installation.script", from.script()));
  }

  private static String fleet(EnrollToken token) {
    return " --server \"%s\" --fingerprint %s"
        .formatted(word("server", token.server()), word("fingerprint", token.fingerprint()));
  }

  private static String digests(List<Installation.Archive> archives) {
    StringBuilder text = new StringBuilder();
    for (Installation.Archive archive : archives) {
      text.append(" --sha256 ")
          .append(word("installation.archives.platform", archive.platform()))
          .append('=')
          .append(word("installation.archives.sha256", archive.sha256()));
    }
    return text.toString();
  }

  private static List<String> withToken(List<String> lines, EnrollToken token) {
    lines.add(word("token", token.token().orElse("")));
    lines.add("END");
    return lines;
  }

  /** What the server says ends up in a shell of root: it is looked at first. */
  private static String word(String name, String value) {
    if (!WORD.matcher(value).matches()) {
      throw CommandException.failed(
          "the server's answer: " + name + ": cannot be part of a command for a shell");
    }
    return value;
  }
}
