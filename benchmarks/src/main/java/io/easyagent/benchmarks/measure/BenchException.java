package io.easyagent.benchmarks.measure;

/** A benchmark could not be run to its end; there are no figures. */
public final class BenchException extends Exception {
  private static final long serialVersionUID = 1L;

  public BenchException(String message) {
    super(message);
  }
}
