package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is asked of the server's JVM, with the jcmd of the JDK that this runs on. */
final class VirtualMachine {
  private VirtualMachine() {}

  /** Returns after a full collection. */
  static void collectGarbage(long pid) throws IOException, InterruptedException, BenchException {
    jcmd(pid, "GC.run");
  }

  static void dumpRecording(long pid, Path file)
      throws IOException, InterruptedException, BenchException {
    jcmd(pid, "JFR.dump", "name=bench", "filename=" + file);
  }

  private static void jcmd(long pid, String... words)
      throws IOException, InterruptedException, BenchException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new BenchException(String.join(" ", command) + ": " + said);
    }
  }
}
