package io.easyagent.sidecar.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file opened for a child's output: created when it is missing, appended to, and never reached
 * through a link. Open it, give {@link #path} to the child's redirection, close it.
 */
public final class AppendedFile implements AutoCloseable {
  private final int descriptor;

  private AppendedFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * @param mode permission bits of a file that is created
   * @throws IOException also when the last part of the path is a link
   */
  public static AppendedFile open(Path file, int mode) throws IOException {
    return new AppendedFile(SystemCalls.openAppending(file, true, true, mode));
  }

  /** Another name of this very file, as long as it is open. */
  public File path() {
    return new File("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() throws IOException {
    SystemCalls.close(descriptor);
  }
}
