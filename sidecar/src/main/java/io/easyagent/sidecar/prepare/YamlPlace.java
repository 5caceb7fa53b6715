package io.easyagent.sidecar.prepare;

import java.util.Optional;

/**
 * Follows the text of a YAML file and knows at each character what a YAML reader makes of the next
 * one (YAML 1.2, chapters 6 to 8). A quote opens a text only where a value may begin: within a
 * plain value it is a letter like any other. Where readers differ it says that it does not know.
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

  /** As much of a plain value's beginning as can have a meaning. */
  private static final int MEANINGFUL = 4;

  private Kind kind = Kind.BEGINNING;
  private boolean escaped;
  private char previous = '\n';
  private int flowDepth;
  private int line = 1;
  private String uncertain = "";

  /** How the plain value that was begun last begins. */
  private final StringBuilder plain = new StringBuilder(MEANINGFUL);

  private int column;

  /** Blanks at the start of this line. */
  private int indentation;

  private boolean onlyBlanks = true;

  /** Nothing stood in this line yet but {@code -} and {@code ?}. */
  private boolean onlyDashes = true;

  /** Where the first value of this line begins, a key perhaps. */
  private int firstColumn;

  /** Of the key or dash that a value belongs to: it goes on in lines that are indented more. */
  private int parentColumn = UNKNOWN;

  /** The plain value at the end of the last line may go on in this one. */
  private boolean plainOpen;

  /** This line may be one of a block. */
  private boolean blockBegun;

  /** {@link #UNKNOWN} before the block's first line, which decides it. */
  private int blockIndentation = UNKNOWN;

  private boolean blockOpening;

  /** What the next character, or a value that stands next, is a part of. */
  Kind reach() {
    startOfText();
    return kind;
  }

  /** Within double quotes: the character before was a backslash with a meaning. */
  boolean escaped() {
    return escaped;
  }

  /** In a block: what comes next decides how far all of the block is indented. */
  boolean opensBlock() {
    return blockOpening;
  }

  /** Why it is not known any more how the text is read. */
  Optional<String> uncertain() {
    return uncertain.isEmpty() ? Optional.empty() : Optional.of(uncertain);
  }

  /** A whole value in double quotes may begin here. */
  boolean mayBegin() {
    return kind == Kind.BEGINNING && (isBlank(previous) || "[{,:".indexOf(previous) >= 0);
  }

  /** A line's end is one, too. */
  static boolean isBlank(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
  }

  /** Text of a block stood here. */
  void passText() {
    blockOpening = false;
  }

  /** A whole value in double quotes stood here. */
  void passValue() {
    startOfText();
    startOfValue();
    onlyDashes = false;
    column++;
    previous = '"';
  }

  void pass(char character) {
    if (character == '\r' || (character == '\n' && previous != '\r')) {
      endLine();
    } else if (character != '\n') {
      passInLine(character);
      column++;
    }
    previous = character;
  }

  private void endLine() {
    if (kind == Kind.DOUBLE_QUOTES || kind == Kind.SINGLE_QUOTES) {
      doubt("a quote opened in line " + line + " is not closed there");
    }
    boolean plainEnds = kind == Kind.PLAIN && !isFollowedByValue();
    if ((plainEnds || kind == Kind.COMMENT) && beginsBlock()) {
      blockBegun = true;
      blockIndentation = statedIndentation();
      plainOpen = false;
    } else if (kind == Kind.PLAIN) {
      boolean directive = plain.charAt(0) == '%';
      plainOpen = plainEnds && !directive;
    } else if (!onlyBlanks) {
      plainOpen = false;
    }
    kind = Kind.BEGINNING;
    plain.setLength(0);
    escaped = false;
    line++;
    indentation = 0;
    column = 0;
    onlyBlanks = true;
    onlyDashes = true;
    blockOpening = false;
  }

  private boolean beginsBlock() {
    return flowDepth == 0 && !plain.isEmpty() && "|>".indexOf(plain.charAt(0)) >= 0;
  }

  private int statedIndentation() {
    for (int index = 1; index < plain.length(); index++) {
      if (Character.isDigit(plain.charAt(index))) {
        return Math.max(parentColumn, 0) + plain.charAt(index) - '0';
      }
    }
    return UNKNOWN;
  }

  private void passInLine(char character) {
    if (onlyBlanks && isBlank(character)) {
      indentation++;
      return;
    }
    startOfText();
    blockOpening = false;
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

  /** What stands first in a line, a variable too, decides what the line is. */
  private void startOfText() {
    if (!onlyBlanks) {
      return;
    }
    onlyBlanks = false;
    firstColumn = indentation;
    if (blockBegun && isInBlock()) {
      kind = Kind.BLOCK;
      return;
    }
    blockBegun = false;
    if (plainOpen && (flowDepth > 0 || indentation > parentColumn)) {
      kind = Kind.PLAIN;
      plain.append("x");
    }
    plainOpen = false;
  }

  private boolean isInBlock() {
    if (blockIndentation == UNKNOWN && indentation > Math.max(parentColumn, 0)) {
      blockIndentation = indentation;
      blockOpening = true;
    }
    return blockIndentation != UNKNOWN && indentation >= blockIndentation;
  }

  private void startOfValue() {
    if (onlyDashes) {
      firstColumn = column;
    }
  }

  private void begin(char character) {
    if (isBlank(character)) {
      return;
    }
    // Behind a text in quotes it ends a key, elsewhere it may be a letter: ":x" is a plain value.
    if (character == ':' && (previous == '"' || previous == '\'')) {
      endKey();
      return;
    }
    startOfValue();
    switch (character) {
      case '"' -> kind = Kind.DOUBLE_QUOTES;
      case '\'' -> kind = Kind.SINGLE_QUOTES;
      case '[', '{' -> flowDepth++;
      case ']', '}' -> flowDepth = Math.max(0, flowDepth - 1);
      case ',' -> {}
      case '#' -> {
        if (!isBlank(previous)) {
          doubt("in line " + line + " there is no blank before the #");
        }
        kind = Kind.COMMENT;
      }
      default -> {
        kind = Kind.PLAIN;
        plain.setLength(0);
        plain.append(character);
        return;
      }
    }
    onlyDashes = false;
  }

  private void passPlain(char character) {
    if (isBlank(character)) {
      if (isFollowedByValue()) {
        kind = Kind.BEGINNING;
      }
      return;
    }
    if (character == '#' && isBlank(previous)) {
      kind = Kind.COMMENT;
    } else if (flowDepth > 0 && ",[]{}".indexOf(character) >= 0) {
      kind = Kind.BEGINNING;
      begin(character);
    } else {
      if (flowDepth > 0 && (plainIs(":") || plainIs("?"))) {
        doubt("in line " + line + " there is no blank behind the " + plain);
      }
      if (plain.length() < MEANINGFUL) {
        plain.append(character);
      }
      onlyDashes &= plainIs("--") || plainIs("---");
    }
  }

  /** At a blank: the text before it was no value, but says something of the one that follows. */
  private boolean isFollowedByValue() {
    if (previous == ':') {
      endKey();
      return true;
    }
    if (plainIs("-") || plainIs("?")) {
      parentColumn = flowDepth == 0 ? firstColumn : parentColumn;
      return true;
    }
    boolean marker = column == 3 && (plainIs("---") || plainIs("..."));
    if (marker) {
      parentColumn = UNKNOWN;
      return true;
    }
    boolean property = plain.charAt(0) == '&' || plain.charAt(0) == '!';
    onlyDashes &= !property;
    return property;
  }

  private void endKey() {
    if (flowDepth == 0) {
      parentColumn = firstColumn;
    }
    onlyDashes = false;
  }

  private boolean plainIs(String text) {
    return plain.toString().equals(text);
  }

  private void doubt(String why) {
    if (uncertain.isEmpty()) {
      uncertain = why;
    }
  }
}
