package io.easyagent.server.fleet;

/** Makes text that a host supplied fit to be stored and shown. */
public final class HostText {
  public static final int LINE = 1024;
  public static final int WORD = 256;

  private static final String CUT = "…";

  private HostText() {}

  /** One line of at most {@link #LINE} characters; control characters become blanks. */
  public static String line(String text) {
    return clean(text, LINE);
  }

  /** One line of at most {@link #WORD} characters. */
  public static String word(String text) {
    return clean(text, WORD);
  }

  private static String clean(String text, int most) {
    String cut = text;
    if (text.length() > most) {
      int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
      cut = text.substring(0, end) + CUT;
    }
    StringBuilder clean = new StringBuilder(cut.length());
    cut.codePoints().forEach(point -> clean.appendCodePoint(isShown(point) ? point : ' '));
    return clean.toString().strip();
  }

  /** Neither a control nor a format character, such as those that turn the writing direction. */
  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
