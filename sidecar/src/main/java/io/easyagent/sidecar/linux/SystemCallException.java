package io.easyagent.sidecar.linux;

import java.io.IOException;

/** A system call failed. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  static final int EPERM = 1;
  static final int NO_SUCH_PROCESS = 3;
  static final int INTERRUPTED = 4;
  static final int NOT_SUPPORTED = 95;

  private final int errno;

  SystemCallException(String call, int errno) {
    super(call + ": errno " + errno);
    this.errno = errno;
  }

  public boolean noSuchProcess() {
    return errno == NO_SUCH_PROCESS;
  }

  public boolean notSupported() {
    return errno == NOT_SUPPORTED;
  }

  boolean interrupted() {
    return errno == INTERRUPTED;
  }
}
