package io.easyagent.benchmarks.measure;

import java.util.List;

/** A benchmark as a program. */
public final class Program {
  private Program() {}

  /** What is done for a command line. */
  @FunctionalInterface
  public interface Bench {
    /**
     * @throws UsageException when a word is wrong
     * @throws BenchException when there are no figures, with the reason for people
     */
    void run(List<String> words) throws Exception;
  }

  /**
   * @param usage printed for {@code --help}, and after a wrong word
   * @return the exit status: 0 measured, goals met or not; 1 failed; 2 wrong usage
   */
  public static int run(List<String> words, String usage, Bench bench) {
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(usage);
      return 0;
    }
    try {
      bench.run(words);
      return 0;
    } catch (UsageException wrong) {
      System.err.println("bench: " + wrong.getMessage());
      System.err.print(usage);
      return 2;
    } catch (BenchException failure) {
      System.err.println("bench: " + failure.getMessage());
      return 1;
    } catch (Exception failure) {
      System.err.println("bench: failed");
      failure.printStackTrace(System.err);
      return 1;
    }
  }
}
