package io.easyagent.cli.console;

import java.util.ArrayList;
import java.util.List;

/** A line made of pieces with meanings. Not for several threads. */
public final class Line {
  private record Piece(Tint tint, String text) {}

  private final List<Piece> pieces = new ArrayList<>();

  public static Line of(String text) {
    return new Line().add(Tint.plain, text);
  }

  public static Line of(Tint tint, String text) {
    return new Line().add(tint, text);
  }

  /** Adds a piece; control characters in it are replaced when the line is written. */
  public Line add(Tint tint, String text) {
    pieces.add(new Piece(tint, text));
    return this;
  }

  public Line add(String text) {
    return add(Tint.plain, text);
  }

  /** The line as it is written, cut to the width. */
  String render(boolean colours, int width) {
    StringBuilder line = new StringBuilder();
    int left = width;
    for (Piece piece : pieces) {
      String text = Text.cut(Text.line(piece.text()), left);
      left -= Text.width(text);
      line.append(colours ? piece.tint().paint(text) : text);
      if (left <= 0) {
        break;
      }
    }
    return line.toString();
  }

  /** Without colours. */
  @Override
  public String toString() {
    return render(false, Integer.MAX_VALUE);
  }
}
