package io.easyagent.simulator;

import com.sun.management.UnixOperatingSystemMXBean;
import io.easyagent.simulator.control.Answer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the simulator itself takes of its machine. */
final class Figures {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Figures() {}

  static Answer addTo(Answer answer) {
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    Answer with =
        answer
            .with("heap_bytes", memory.getUsed())
            .with("rss_bytes", residentBytes())
            .with("platform_threads", ManagementFactory.getThreadMXBean().getThreadCount());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      return with.with("cpu_seconds", unix.getProcessCpuTime() / 1e9)
          .with("descriptors", unix.getOpenFileDescriptorCount());
    }
    return with;
  }

  /** 0 where the machine does not tell. */
  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1_024;
        }
      }
    } catch (IOException notLinux) {
      return 0;
    }
    return 0;
  }
}
