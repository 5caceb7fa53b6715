package io.easyagent.sidecar.supervise;

import java.util.List;

/**
 * The end of what a program has printed, bounded and fit to be shown in one line: there programs
 * say what they have ended of.
 */
public final class LastWords {
  private static final int LINES_MOST = 3;
  private static final int CHARACTERS_MOST = 300;

  private LastWords() {}

  /**
   * The last three lines with something in them, at most 300 characters, without control
   * characters; empty when there is nothing to be shown.
   *
   * @param printed secrets taken out
   */
  public static String of(String printed) {
    List<String> lines =
        printed
            .lines()
            .map(line -> line.replaceAll("\u001B\\[[0-9;]*[A-Za-z]", ""))
            .map(line -> line.replaceAll("\\p{C}", " ").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    String joined =
        String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES_MOST), lines.size()));
    return joined.length() <= CHARACTERS_MOST
        ? joined
        : "…" + joined.substring(joined.length() - CHARACTERS_MOST);
  }
}
