package io.easyagent.definition;

/** How a text that somebody wrote is repeated to them: one line, bounded, no control characters. */
public final class Shown {
  private static final int MOST = 80;

  private Shown() {}

  public static String of(String text) {
    String cut = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
    StringBuilder shown = new StringBuilder(cut.length());
    cut.codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
