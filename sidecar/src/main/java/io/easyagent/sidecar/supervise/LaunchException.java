package io.easyagent.sidecar.supervise;

import java.io.IOException;

/** Nothing was launched, or nothing of it is left; the message is for an operator. */
final class LaunchException extends IOException {
  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }
}
