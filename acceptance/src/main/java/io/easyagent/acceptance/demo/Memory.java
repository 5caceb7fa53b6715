package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the kernel says of a process's memory. */
record Memory(long residentKilobytes, long privateDirtyKilobytes) {

  static Memory of(long pid) throws IOException {
    Path rollup = Path.of("/proc", Long.toString(pid), "smaps_rollup");
    String text = Files.readString(rollup);
    return new Memory(kilobytes(text, "Rss:"), kilobytes(text, "Private_Dirty:"));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "RSS %.1f MB, private dirty %.1f MB",
        residentKilobytes / 1024.0,
        privateDirtyKilobytes / 1024.0);
  }

  private static long kilobytes(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name + " in smaps_rollup"));
  }
}
