package io.easyagent.simulator.control;

/**
 * Which hosts a command is for.
 *
 * @param first number of the first, from 1
 * @param last number of the last, included
 */
public record Hosts(int first, int last) {
  public static final Hosts ALL = new Hosts(1, Integer.MAX_VALUE);

  /**
   * Reads {@code all}, {@code N} or {@code N-M}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Hosts parse(String text) {
    if (text.equals("all")) {
      return ALL;
    }
    int dash = text.indexOf('-');
    try {
      int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
      if (first >= 1 && last >= first) {
        return new Hosts(first, last);
      }
    } catch (NumberFormatException notNumber) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("hosts: " + text + " (expected: all, N or N-M, from 1)");
  }

  public boolean contains(int number) {
    return first <= number && number <= last;
  }
}
