package io.easyagent.sidecar.supervise;

/** Text for shells that read it line by line and evaluate it. */
final class ShellText {
  private ShellText() {}

  /** One word that stands for exactly this text, which has no NUL. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * How many lines there are, and the lines: so a text that broke off shows.
   *
   * @param lines each with its line feed
   */
  static String counted(CharSequence lines) {
    return lines.chars().filter(character -> character == '\n').count() + "\n" + lines;
  }
}
