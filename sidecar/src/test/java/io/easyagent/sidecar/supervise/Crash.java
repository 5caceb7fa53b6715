package io.easyagent.sidecar.supervise;

import java.util.concurrent.atomic.AtomicInteger;

/** Ends this JVM as kill -9 does, at the step of a launch that a property names. */
final class Crash {
  static final String PROPERTY = "easyagent.crashAt";

  /** Of which launch, the first one being 1. */
  static final String LAUNCH = "easyagent.crashAtLaunch";

  private static final AtomicInteger LAUNCHES = new AtomicInteger();

  private Crash() {}

  static void at(LaunchStep step) {
    if (step == LaunchStep.KEEPER_STARTED) {
      LAUNCHES.incrementAndGet();
    }
    if (step.name().equals(System.getProperty(PROPERTY))
        && LAUNCHES.get() == Integer.getInteger(LAUNCH, 1)) {
      Runtime.getRuntime().halt(137);
    }
  }
}
