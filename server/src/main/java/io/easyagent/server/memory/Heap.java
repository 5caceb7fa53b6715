package io.easyagent.server.memory;

import java.time.Duration;

/** The heap of a Java machine, and how busy the machine is. */
public interface Heap {

  /** What the machine holds for objects, in use or not. Bytes. */
  long size();

  /** Of all processors, since the machine was started. */
  Duration processorTime();

  /** From an arbitrary origin, and monotonic. */
  Duration now();

  /**
   * Takes out what is not used any more, and gives back what is not needed then. All threads wait.
   */
  void collect();
}
