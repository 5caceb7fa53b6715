package io.easyagent.sidecar.supervise;

/** Ends this JVM as kill -9 does, at the step of a launch that a property names. */
final class Crash {
  static final String PROPERTY = "easyagent.crashAt";

  private Crash() {}

  static void at(LaunchStep step) {
    if (step.name().equals(System.getProperty(PROPERTY))) {
      Runtime.getRuntime().halt(137);
    }
  }
}
