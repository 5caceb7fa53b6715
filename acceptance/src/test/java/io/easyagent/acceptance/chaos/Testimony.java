package io.easyagent.acceptance.chaos;

import java.util.List;

/**
 * One line of a host's witness: what a command or an agent says that it did.
 *
 * @param uptime of the machine, for people
 */
record Testimony(Word word, String name, long pid, String uptime) {
  enum Word {
    /** A command's first act. */
    began,
    /** A command's last act. */
    ended,
    /** An agent's first act. */
    started,
    /** An agent was told to stop, and does. */
    stopped,
    /** An agent found another of its name alive. */
    doubled
  }

  /**
   * The words of a whole file, one after another; a last line that is being written is left out.
   */
  static List<Testimony> parse(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Testimony::parseLine).toList();
  }

  private static Testimony parseLine(String line) {
    String[] words = line.split(" ");
    return new Testimony(Word.valueOf(words[0]), words[1], Long.parseLong(words[2]), words[3]);
  }

  @Override
  public String toString() {
    return uptime + " " + word + " " + name + " " + pid;
  }
}
