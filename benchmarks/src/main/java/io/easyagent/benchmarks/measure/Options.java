package io.easyagent.benchmarks.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words of a benchmark's command line: options, each with a value and given at most once. */
public final class Options {
  private final Map<String, String> given;

  private Options(Map<String, String> given) {
    this.given = given;
  }

  /**
   * @param known the options that there are
   */
  public static Options parse(List<String> words, Set<String> known) throws UsageException {
    Map<String, String> given = new HashMap<>();
    for (int at = 0; at < words.size(); at += 2) {
      String option = words.get(at);
      if (!known.contains(option)) {
        throw new UsageException("unknown option " + option);
      }
      if (at + 1 == words.size()) {
        throw new UsageException(option + ": no value");
      }
      if (given.put(option, words.get(at + 1)) != null) {
        throw new UsageException(option + ": given twice");
      }
    }
    return new Options(given);
  }

  public Optional<String> find(String option) {
    return Optional.ofNullable(given.get(option));
  }

  public String text(String option, String otherwise) {
    return given.getOrDefault(option, otherwise);
  }

  /**
   * @throws UsageException when it is no number from {@code least} to {@code most}
   */
  public int number(String option, int otherwise, int least, int most) throws UsageException {
    return number(option, text(option, Integer.toString(otherwise)), least, most);
  }

  /**
   * Numbers with commas between them, each once.
   *
   * @return from the smallest to the largest
   */
  public List<Integer> sizes(String option, String otherwise, int least, int most)
      throws UsageException {
    String text = text(option, otherwise);
    List<Integer> sizes = new ArrayList<>();
    for (String size : text.split(",", -1)) {
      sizes.add(number(option, size, least, most));
    }
    if (sizes.stream().distinct().count() < sizes.size()) {
      throw new UsageException(option + ": " + text + " (expected: each size once)");
    }
    return sizes.stream().sorted().toList();
  }

  private static int number(String option, String text, int least, int most) throws UsageException {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notNumber) {
      throw outOfRange(option, text, least, most);
    }
    throw outOfRange(option, text, least, most);
  }

  private static UsageException outOfRange(String option, String text, int least, int most) {
    return new UsageException(option + ": " + text + " (expected: " + least + " to " + most + ")");
  }
}
