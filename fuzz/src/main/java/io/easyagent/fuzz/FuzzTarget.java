package io.easyagent.fuzz;

import java.util.List;

/**
 * A parser of foreign bytes with what must hold for every input. An input is refused by returning:
 * whatever is thrown is a finding.
 */
public interface FuzzTarget {

  /** Good inputs, from which the fuzzer starts. */
  List<byte[]> seeds();

  /**
   * @throws Exception the finding
   */
  void attack(byte[] input) throws Exception;

  /** A finding unless it holds. */
  static void must(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
