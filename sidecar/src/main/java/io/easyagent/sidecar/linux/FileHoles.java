package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.nio.file.Path;

/** Gives a part of a file back to the file system. */
public final class FileHoles {
  private FileHoles() {}

  /**
   * Frees the range; it reads as zeros afterwards and the file's size stays.
   *
   * @return false when the file system cannot
   */
  public static boolean punch(Path file, long offset, long length) throws IOException {
    int descriptor = SystemCalls.openAppending(file, false, false, 0);
    try {
      SystemCalls.punchHole(descriptor, offset, length);
      return true;
    } catch (SystemCallException failure) {
      if (failure.notSupported()) {
        return false;
      }
      throw failure;
    } finally {
      SystemCalls.close(descriptor);
    }
  }
}
