package io.easyagent.cli.session;

/** Ctrl-C and its like. */
@FunctionalInterface
public interface Interrupts {
  /** Until it is closed, an interrupt runs the action just before the program ends. */
  Scope during(Runnable action);

  /** Where an interrupt means something. */
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** The JVM's own: the program ends by the signal, after the action. */
  static Interrupts ofTheProcess() {
    return action -> {
      Thread hook = new Thread(action, "interrupted");
      Runtime.getRuntime().addShutdownHook(hook);
      return () -> {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
          // The interrupt came first; its action runs.
        }
      };
    };
  }
}
