package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds on to one process: once open, a signal reaches this process or none, whatever becomes of
 * its number. For one thread at a time.
 */
public final class ProcessDescriptor implements AutoCloseable {
  private final int descriptor;

  private ProcessDescriptor(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens the process that has this number and these start ticks; empty when it is gone, even as a
   * zombie, or the number is another process's by now.
   */
  public static Optional<ProcessDescriptor> open(Proc proc, ProcessIdentity identity)
      throws IOException {
    try {
      ProcessDescriptor opened = new ProcessDescriptor(SystemCalls.pidfdOpen(identity.pid()));
      if (proc.findStat(identity).isPresent()) {
        return Optional.of(opened);
      }
      opened.close();
      return Optional.empty();
    } catch (SystemCallException failure) {
      // A process's number may by now be that of another one's thread.
      if (failure.noSuchProcess() || failure.isOfAThread()) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  int number() {
    return descriptor;
  }

  /** Nothing when it has ended. */
  public void signal(int signal) throws IOException {
    try {
      SystemCalls.pidfdSendSignal(descriptor, signal);
    } catch (SystemCallException failure) {
      if (!failure.noSuchProcess()) {
        throw failure;
      }
    }
  }

  /** Whether it has ended (and may be a zombie) within the time. */
  public boolean awaitEnd(Duration timeout) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      PollSet set = new PollSet(arena, 1);
      set.put(0, descriptor);
      return set.poll(1, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis())) > 0;
    }
  }

  @Override
  public void close() throws IOException {
    SystemCalls.close(descriptor);
  }
}
