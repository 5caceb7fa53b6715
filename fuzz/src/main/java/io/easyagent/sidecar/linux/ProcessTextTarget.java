package io.easyagent.sidecar.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.easyagent.fuzz.FuzzTarget;
import java.util.List;

/** {@code /proc/PID/stat}: a program chooses its name, and nothing else of it. */
public final class ProcessTextTarget implements FuzzTarget {
  private static final String REST =
      " S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12345 8192 100 18446744073709551615 1 1 0 0"
          + " 0 0 0 0 0 1 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

  @Override
  public List<byte[]> seeds() {
    return List.of("sleep".getBytes(ISO_8859_1), "a) Z 9 9 (b".getBytes(ISO_8859_1));
  }

  @Override
  public void attack(byte[] input) {
    String name = new String(input, ISO_8859_1);
    ProcStat stat =
        ProcStat.parse("42 (" + name + ")" + REST)
            .orElseThrow(() -> new AssertionError("a name that hides its process: " + name));
    FuzzTarget.must(
        stat.pid() == 42 && stat.startTicks() == 12_345 && stat.state() == 'S',
        "a name that forges its process: " + name);
    ProcStat.parse(name);
  }
}
