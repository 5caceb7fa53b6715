package io.easyagent.cli.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * The one place where anything is written: results to standard output, everything else to standard
 * error. Control characters in what it is given never reach a terminal. Safe for several threads.
 */
public final class Console {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final BufferedReader in;
  private final Terminal terminal;
  private String live = "";
  private boolean liveShown;

  public Console(PrintStream out, PrintStream err, BufferedReader in, Terminal terminal) {
    this.out = out;
    this.err = err;
    this.in = in;
    this.terminal = terminal;
  }

  public Terminal terminal() {
    return terminal;
  }

  /** A line of a result. */
  public void print(String line) {
    print(Line.of(line));
  }

  public synchronized void print(Line line) {
    hideLive();
    out.println(line.render(terminal.output() && terminal.colours(), Integer.MAX_VALUE));
  }

  public synchronized void print(Table table) {
    hideLive();
    boolean colours = terminal.output() && terminal.colours();
    int width = terminal.output() ? terminal.width() : Integer.MAX_VALUE;
    table.render(colours, width).forEach(out::println);
  }

  /** Several lines, for example a document; a newline is added where the last one is missing. */
  public synchronized void printText(String text) {
    hideLive();
    out.print(Text.lines(text));
    if (!text.isEmpty() && !text.endsWith("\n")) {
      out.println();
    }
  }

  /** The program's own help, which may hold colours. */
  public synchronized void printHelp(String help) {
    hideLive();
    out.print(help);
  }

  /** A line beside the result. */
  public void note(String line) {
    note(Line.of(line));
  }

  public synchronized void note(Line line) {
    out.flush();
    hideLive();
    err.println(line.render(terminal.error() && terminal.colours(), Integer.MAX_VALUE));
    err.flush();
    showLive();
  }

  /** A line that takes the place of the live line before it; only on a terminal. */
  public synchronized void live(Line line) {
    if (terminal.error()) {
      out.flush();
      String now = line.render(terminal.colours(), terminal.width() - 1);
      if (liveShown && now.equals(live)) {
        return;
      }
      hideLive();
      live = now;
      showLive();
    }
  }

  /** Takes the live line away. */
  public synchronized void endLive() {
    hideLive();
    live = "";
    err.flush();
  }

  private void hideLive() {
    if (liveShown) {
      err.print(CLEAR_LINE);
      err.flush();
      liveShown = false;
    }
  }

  private void showLive() {
    if (!live.isEmpty()) {
      err.print(live);
      err.flush();
      liveShown = true;
    }
  }

  /** Asks; anything but y or yes is no. Only where standard input is a terminal. */
  public synchronized boolean confirm(String question) {
    out.flush();
    hideLive();
    err.print(Text.line(question) + " [y/N] ");
    err.flush();
    try {
      String answer = in.readLine();
      return answer != null
          && switch (answer.strip().toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> true;
            default -> false;
          };
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Standard input, up to a number of characters. */
  public String readInput(int limit) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] chunk = new char[8192];
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      text.append(chunk, 0, read);
      if (text.length() > limit) {
        throw new IOException("standard input: more than " + limit + " characters");
      }
    }
    return text.toString();
  }

  /** Nobody reads the results any more. */
  public boolean closed() {
    return out.checkError();
  }

  public synchronized void flush() {
    out.flush();
    err.flush();
  }

  /** Standard error, for a stack trace. */
  public PrintStream errorStream() {
    return err;
  }
}
