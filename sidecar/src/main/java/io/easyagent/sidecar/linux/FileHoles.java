package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives a part of a file back to the file system, and finds what is left. */
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

  /**
   * Where the first block begins that is not a hole: the whole size when there is none, 0 where the
   * file system does not tell.
   */
  public static long firstData(Path file) throws IOException {
    int descriptor = SystemCalls.openAppending(file, false, false, 0);
    try {
      return SystemCalls.seekData(descriptor, 0);
    } catch (SystemCallException failure) {
      if (failure.noData()) {
        return Files.size(file);
      }
      if (failure.notSupported() || failure.invalid()) {
        return 0;
      }
      throw failure;
    } finally {
      SystemCalls.close(descriptor);
    }
  }
}
