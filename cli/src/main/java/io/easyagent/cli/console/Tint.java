package io.easyagent.cli.console;

/** What a piece of text means; a terminal shows it as a colour. */
public enum Tint {
  plain(""),
  good("32"),
  bad("31"),
  warning("33"),
  faint("2"),
  strong("1");

  private final String code;

  Tint(String code) {
    this.code = code;
  }

  /** The text in this colour; the text itself must be clean. */
  String paint(String text) {
    return code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
