package io.easyagent.cli.console;

/** Text that somebody else wrote, made fit for a terminal. */
public final class Text {
  private static final int REPLACEMENT = '?';
  private static final String ELLIPSIS = "…";

  private Text() {}

  /** One line: every control character, also tab and newline, is replaced. */
  public static String line(String text) {
    return clean(text, false);
  }

  /** Several lines: tabs and newlines stay. */
  public static String lines(String text) {
    return clean(text, true);
  }

  private static String clean(String text, boolean keepLines) {
    if (text.codePoints().noneMatch(point -> unsafe(point, keepLines))) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> unsafe(point, keepLines) ? (isSpace(point) ? ' ' : REPLACEMENT) : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean unsafe(int point, boolean keepLines) {
    if (keepLines && isSpace(point) && point != '\r') {
      return false;
    }
    return switch (Character.getType(point)) {
      // FORMAT holds what turns the direction of text, and so hides what it says.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static boolean isSpace(int point) {
    return point == '\t' || point == '\n' || point == '\r';
  }

  /** How many columns the text takes on a terminal. */
  public static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  /** The text in at most so many columns, with an ellipsis where something is missing. */
  public static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int point : text.codePoints().toArray()) {
      if (used + width(point) > columns - 1) {
        break;
      }
      used += width(point);
      cut.appendCodePoint(point);
    }
    return columns <= 0 ? "" : cut.append(ELLIPSIS).toString();
  }

  /** Chinese, Japanese and Korean characters and most pictures take two columns. */
  private static int width(int point) {
    if (Character.getType(point) == Character.NON_SPACING_MARK) {
      return 0;
    }
    boolean wide =
        point >= 0x1100
            && (point <= 0x115f
                || point >= 0x2e80 && point <= 0xa4cf
                || point >= 0xac00 && point <= 0xd7a3
                || point >= 0xf900 && point <= 0xfaff
                || point >= 0xfe30 && point <= 0xfe6f
                || point >= 0xff00 && point <= 0xff60
                || point >= 0xffe0 && point <= 0xffe6
                || point >= 0x1f300 && point <= 0x1faff
                || point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
