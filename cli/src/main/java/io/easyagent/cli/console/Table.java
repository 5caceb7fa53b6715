package io.easyagent.cli.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under headings. It takes the width it needs; where the terminal is narrower, the columns
 * that may give way are cut, the widest first.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST = 8;

  /** A heading; a flexible column may be cut. */
  public record Column(String heading, boolean flexible) {}

  /** What stands in a row's column. */
  public record Cell(Tint tint, String text) {
    public static Cell of(String text) {
      return new Cell(Tint.plain, text);
    }
  }

  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();

  /** A column of a width of its own. */
  public Table column(String heading) {
    columns.add(new Column(heading, false));
    return this;
  }

  /** A column that is cut where there is no room. */
  public Table flexible(String heading) {
    columns.add(new Column(heading, true));
    return this;
  }

  /** Adds a row of strings and {@link Cell}s, one for each column. */
  public Table row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.length + " (expected: " + columns.size() + ")");
    }
    List<Cell> row = new ArrayList<>();
    for (Object cell : cells) {
      Cell given = cell instanceof Cell styled ? styled : Cell.of(String.valueOf(cell));
      row.add(new Cell(given.tint(), Text.line(given.text())));
    }
    rows.add(row);
    return this;
  }

  /** The lines, headings first. */
  List<String> render(boolean colours, int width) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>();
    List<Cell> headings =
        columns.stream().map(column -> new Cell(Tint.strong, column.heading())).toList();
    lines.add(line(headings, widths, colours));
    rows.forEach(row -> lines.add(line(row, widths, colours)));
    return lines;
  }

  private int[] widths(int available) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Text.width(columns.get(i).heading());
      for (List<Cell> row : rows) {
        widths[i] = Math.max(widths[i], Text.width(row.get(i).text()));
      }
    }
    int excess = total(widths) - available;
    while (excess > 0) {
      int widest = widestFlexible(widths);
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      excess--;
    }
    return widths;
  }

  private static int total(int[] widths) {
    int total = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private int widestFlexible(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      int least = Math.max(NARROWEST, Text.width(columns.get(i).heading()));
      if (columns.get(i).flexible()
          && widths[i] > least
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private static String line(List<Cell> cells, int[] widths, boolean colours) {
    StringBuilder line = new StringBuilder();
    int missing = 0;
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      String text = Text.cut(cell.text(), widths[i]);
      if (!text.isEmpty()) {
        line.append(" ".repeat(missing)).append(colours ? cell.tint().paint(text) : text);
        missing = 0;
      }
      missing += widths[i] - Text.width(text) + GAP.length();
    }
    return line.toString();
  }
}
