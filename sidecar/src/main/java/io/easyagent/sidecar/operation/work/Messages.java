package io.easyagent.sidecar.operation.work;

/** The line that a successful operation ends with, put together by its steps. */
final class Messages {
  private static final String KEY = "message";

  private Messages() {}

  static void say(StepContext context, String what) {
    context.memory().put(KEY, what);
  }

  static String said(StepContext context) {
    return context.memory().find(KEY).orElse("done");
  }
}
