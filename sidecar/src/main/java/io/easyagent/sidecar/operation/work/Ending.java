package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.util.Optional;

/**
 * How the work of an operation ended.
 *
 * @param message one line for an operator
 */
record Ending(Verdict verdict, String message, Optional<ProcessEnd> processEnd, Output output) {

  static Ending succeeded(String message) {
    return of(Verdict.SUCCEEDED, message);
  }

  static Ending failed(String message) {
    return of(Verdict.FAILED, message);
  }

  static Ending interrupted(String reason) {
    return of(Verdict.INTERRUPTED, reason);
  }

  /**
   * @param doing what was going on, for example {@code fetching the package}
   */
  static Ending stopped(String doing) {
    return of(Verdict.STOPPED, doing);
  }

  private static Ending of(Verdict verdict, String message) {
    return new Ending(verdict, message, Optional.empty(), Output.NONE);
  }
}
