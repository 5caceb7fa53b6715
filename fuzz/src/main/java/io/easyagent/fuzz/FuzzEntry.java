package io.easyagent.fuzz;

/** Where the fuzzer enters: it gives its inputs to the target that a system property names. */
public final class FuzzEntry {
  static final String TARGET = "easyagent.fuzz.target";

  private static final FuzzTarget target = target();

  private FuzzEntry() {}

  private static FuzzTarget target() {
    try {
      return FuzzTargets.require(System.getProperty(TARGET));
    } catch (ReflectiveOperationException unknown) {
      throw new IllegalArgumentException("fuzz target: " + System.getProperty(TARGET), unknown);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    target.attack(input);
  }
}
