package io.easyagent.sidecar.prepare;

/**
 * Follows the text of a YAML file and knows at each character what a YAML reader makes of the next
 * one (YAML 1.2, chapters 7 and 8). A quote opens a text only where a value may begin: within a
 * plain value it is a letter like any other.
 */
final class YamlPlace {
  enum Kind {
    BEGINNING,
    PLAIN,
    DOUBLE_QUOTES,
    SINGLE_QUOTES,
    COMMENT,
    /** The lines below {@code |} or {@code >}. */
    BLOCK
  }

  private static final int UNKNOWN = -1;

  private Kind kind = Kind.BEGINNING;
  private boolean escaped;
  private char previous = '\n';
  private int flowDepth;
  private int line = 1;
  private int uncertainSince;

  /** The plain value that was begun: its first character and its length. */
  private char plainFirst;

  private int plainLength;

  /** In this line: blanks at its start, and the column of what the lines below belong to. */
  private int indentation;

  private boolean onlyBlanks = true;
  private boolean onlyDashes = true;
  private int column;
  private int parentColumn;

  /** Of the block that this line may be in; {@link #UNKNOWN} before its first line. */
  private boolean blockBegun;

  private int blockParent;
  private int blockIndentation = UNKNOWN;

  /** The plain value at the end of the last line goes on in a line that is indented more. */
  private boolean plainOpen;

  Kind kind() {
    return kind;
  }

  /** Within double quotes: the character before was a backslash with a meaning. */
  boolean escaped() {
    return escaped;
  }

  /** The line in which a text was opened that spans lines; 0 when there was none. */
  int uncertainSince() {
    return uncertainSince;
  }

  char previous() {
    return previous;
  }

  /** A whole value of any kind stood here. */
  void passValue() {
    startOfText();
    column++;
    previous = '"';
    escaped = false;
  }

  void pass(char character) {
    if (character == '\n') {
      endLine();
    } else {
      passInLine(character);
      column++;
    }
    previous = character;
  }

  private void endLine() {
    boolean quoted = kind == Kind.DOUBLE_QUOTES || kind == Kind.SINGLE_QUOTES;
    if (uncertainSince == 0 && quoted) {
      uncertainSince = line;
    }
    boolean blank = onlyBlanks && kind != Kind.COMMENT;
    if (kind == Kind.PLAIN) {
      if (flowDepth == 0 && (plainFirst == '|' || plainFirst == '>')) {
        blockBegun = true;
        blockParent = parentColumn;
        blockIndentation = UNKNOWN;
        plainOpen = false;
      } else {
        plainOpen = true;
        blockParent = parentColumn;
      }
    } else if (!blank) {
      plainOpen = false;
    }
    kind = Kind.BEGINNING;
    escaped = false;
    line++;
    indentation = 0;
    column = 0;
    onlyBlanks = true;
    onlyDashes = true;
  }

  private void passInLine(char character) {
    if (onlyBlanks) {
      if (character == ' ') {
        indentation++;
        return;
      }
      onlyBlanks = false;
      startOfText();
    }
    switch (kind) {
      case BEGINNING -> begin(character);
      case PLAIN -> passPlain(character);
      case DOUBLE_QUOTES -> {
        if (escaped) {
          escaped = false;
        } else if (character == '\\') {
          escaped = true;
        } else if (character == '"') {
          kind = Kind.BEGINNING;
        }
      }
      case SINGLE_QUOTES -> {
        if (character == '\'') {
          kind = Kind.BEGINNING;
        }
      }
      case COMMENT, BLOCK -> {}
    }
  }

  /** The first character of a line that is no blank decides what the line is. */
  private void startOfText() {
    if (column > indentation || kind != Kind.BEGINNING) {
      return;
    }
    onlyBlanks = false;
    if (blockBegun) {
      if (blockIndentation == UNKNOWN && indentation > blockParent) {
        blockIndentation = indentation;
      }
      if (blockIndentation != UNKNOWN && indentation >= blockIndentation) {
        kind = Kind.BLOCK;
        return;
      }
      blockBegun = false;
    }
    parentColumn = indentation;
    if (plainOpen && (flowDepth > 0 || indentation > blockParent)) {
      kind = Kind.PLAIN;
      plainFirst = 'x';
      plainLength = 2;
    }
    plainOpen = false;
  }

  private void begin(char character) {
    if (Character.isWhitespace(character)) {
      return;
    }
    // Behind a text in quotes it ends a key, elsewhere it may be a letter: ":x" is a plain value.
    boolean endsKey = character == ':' && (previous == '"' || previous == '\'');
    if (endsKey) {
      return;
    }
    switch (character) {
      case '"' -> kind = Kind.DOUBLE_QUOTES;
      case '\'' -> kind = Kind.SINGLE_QUOTES;
      case '[', '{' -> flowDepth++;
      case ']', '}' -> flowDepth = Math.max(0, flowDepth - 1);
      case ',' -> {}
      case '#' -> kind = Character.isWhitespace(previous) ? Kind.COMMENT : Kind.PLAIN;
      default -> {
        kind = Kind.PLAIN;
        plainFirst = character;
        plainLength = 1;
        if (onlyDashes) {
          parentColumn = column;
        }
        return;
      }
    }
    if (onlyDashes) {
      parentColumn = column;
      onlyDashes = false;
    }
  }

  private void passPlain(char character) {
    if (Character.isWhitespace(character)) {
      boolean indicator = plainLength == 1 && (plainFirst == '-' || plainFirst == '?');
      boolean property = plainFirst == '&' || plainFirst == '!';
      if (previous == ':' || indicator || property) {
        kind = Kind.BEGINNING;
        onlyDashes = onlyDashes && indicator;
      }
      return;
    }
    if (character == '#' && Character.isWhitespace(previous)) {
      kind = Kind.COMMENT;
    } else if (flowDepth > 0 && ",[]{}".indexOf(character) >= 0) {
      kind = Kind.BEGINNING;
      begin(character);
    } else {
      plainLength++;
      if (plainLength > 1) {
        onlyDashes = false;
      }
    }
  }
}
