package io.easyagent.benchmarks.fleet;

/** A benchmark could not be run to its end; there are no figures. */
final class BenchException extends Exception {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }
}
