package io.easyagent.sidecar.linux;

import java.io.IOException;

/** A system call failed. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  static final int EPERM = 1;
  static final int NO_ENTRY = 2;
  static final int NO_SUCH_PROCESS = 3;
  static final int INTERRUPTED = 4;
  static final int NO_DATA = 6;
  static final int NOT_A_FOLDER = 20;
  static final int INVALID = 22;
  static final int A_LINK = 40;
  static final int NOT_SUPPORTED = 95;

  private final int errno;

  SystemCallException(String call, int errno) {
    super(call + ": errno " + errno);
    this.errno = errno;
  }

  public boolean noSuchProcess() {
    return errno == NO_SUCH_PROCESS;
  }

  /**
   * Said by pidfd_open(2) of a number that is a thread's and no process's: EINVAL on older kernels,
   * ENOENT on newer ones (seen on 6.18).
   */
  boolean isOfAThread() {
    return errno == NO_ENTRY || errno == INVALID;
  }

  boolean noSuchFolder() {
    return errno == NO_ENTRY || errno == NOT_A_FOLDER || errno == A_LINK;
  }

  public boolean notSupported() {
    return errno == NOT_SUPPORTED;
  }

  boolean invalid() {
    return errno == INVALID;
  }

  /** Said by lseek(2) where nothing but a hole follows: ENXIO. */
  boolean noData() {
    return errno == NO_DATA;
  }

  boolean interrupted() {
    return errno == INTERRUPTED;
  }
}
