package io.easyagent.cli.console;

/**
 * What is known of the one who reads.
 *
 * @param output standard output is a terminal
 * @param error standard error is a terminal
 * @param input standard input is a terminal, so that questions can be answered
 * @param width in columns
 * @param colours are wanted
 */
public record Terminal(boolean output, boolean error, boolean input, int width, boolean colours) {
  /** A pipe or a file: nothing is cut, coloured or asked. */
  public static Terminal none() {
    return new Terminal(false, false, false, Integer.MAX_VALUE, false);
  }
}
