package io.easyagent.definition;

/**
 * One thing that is wrong with a definition.
 *
 * @param line from 1 on
 * @param column from 1 on
 * @param path of the key, for example {@code stop.signal}; empty for the document as a whole
 * @param message what is wrong, the value and what was expected
 */
public record DefinitionError(int line, int column, String path, String message) {
  /** For example {@code 12:3 stop.signal}. */
  public String place() {
    String position = line + ":" + column;
    return path.isEmpty() ? position : position + " " + path;
  }
}
