package io.easyagent.sidecar.operation.work;

/** What a step says when it returns. */
sealed interface Progress {

  /** Go on with the next step; after the last one the operation has succeeded. */
  record Next() implements Progress {}

  /** No further step runs. */
  record Finished(Ending ending) implements Progress {}

  static Progress next() {
    return new Next();
  }

  static Progress failed(String message) {
    return new Finished(Ending.failed(message));
  }
}
