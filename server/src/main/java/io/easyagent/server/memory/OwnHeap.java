package io.easyagent.server.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The heap of this process. */
public final class OwnHeap implements Heap {
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime monotonic
   */
  public OwnHeap(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public long size() {
    return Runtime.getRuntime().totalMemory();
  }

  @Override
  public Duration processorTime() {
    return Duration.ofNanos(system.getProcessCpuTime());
  }

  @Override
  public Duration now() {
    return Duration.ofNanos(nanoTime.getAsLong());
  }

  @Override
  public void collect() {
    System.gc();
  }
}
