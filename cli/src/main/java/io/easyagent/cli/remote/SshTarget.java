package io.easyagent.cli.remote;

import io.easyagent.cli.session.CommandException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A machine as {@code ssh} knows it. */
record SshTarget(String user, String host, int port) {
  private static final int USUAL_PORT = 22;
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<user>[A-Za-z_][A-Za-z0-9_.-]{0,31})@)?"
              + "(?:\\[(?<six>[0-9A-Fa-f:.]{2,45})]|(?<host>[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?))"
              + "(?::(?<port>[0-9]{1,5}))?");

  /**
   * @param option that it was given with
   * @param usualUser who logs in where no user is given
   */
  static SshTarget parse(String option, String text, String usualUser) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw wrong(option, text);
    }
    int port = matcher.group("port") == null ? USUAL_PORT : Integer.parseInt(matcher.group("port"));
    if (port < 1 || port > HIGHEST_PORT) {
      throw CommandException.usage(
          option + ": \"" + text + "\": port " + port + " (expected: 1 to " + HIGHEST_PORT + ")");
    }
    String user = matcher.group("user") == null ? usualUser : matcher.group("user");
    String six = matcher.group("six");
    return new SshTarget(user, six == null ? matcher.group("host") : six, port);
  }

  private static CommandException wrong(String option, String text) {
    return CommandException.usage(
        option
            + ": \""
            + text
            + "\" (expected: USER@HOST or USER@HOST:PORT, an IPv6 address in brackets)");
  }

  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return user + "@" + shown + (port == USUAL_PORT ? "" : ":" + port);
  }
}
