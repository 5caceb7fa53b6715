package io.easyagent.sidecar.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.util.List;

/** The files of {@code /proc} and {@code /etc} that metrics and facts are read from. */
public final class HostTextTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4\n".getBytes(UTF_8),
        "MemTotal:  100 kB\nSwapTotal: 0 kB\n".getBytes(UTF_8),
        "42 (a b) S 1 42 42 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 123 8192 100 1 1\n"
            .getBytes(UTF_8),
        "Inter-|  Receive\n face |bytes\n eth0: 1 2 3 4 5 6 7 8 9 10 11 12\n".getBytes(UTF_8),
        "/dev/sda1 / ext4 rw 0 0\n/dev/sdb /a\\040b xfs rw 0 0\n".getBytes(UTF_8),
        "0.1 0.2 0.3 1/100 4242\n".getBytes(UTF_8),
        "ID=debian\nVERSION_ID=\"12\"\n".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    String text = new String(input, UTF_8);
    ProcText.cpuTimes(text);
    ProcText.memory(text);
    ProcText.process(text);
    ProcText.interfaces(text);
    ProcText.disks(text);
    ProcText.firstNumber(text);
    ProcText.assignments(text);
  }
}
