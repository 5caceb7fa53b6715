package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExitWatcherTest {
  private final Proc proc = new Proc();

  private ProcessIdentity identityOf(Process process) {
    return proc.findStat((int) process.pid()).orElseThrow().identity();
  }

  @Test
  void tellsEachEndOnce() throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    CountDownLatch ends = new CountDownLatch(20);
    try (ExitWatcher watcher = new ExitWatcher(proc)) {
      for (int each = 0; each < 20; each++) {
        Process process = new ProcessBuilder("sleep", "1000").start();
        processes.add(process);
        watcher.watch(identityOf(process), ends::countDown);
      }
      assertEquals(20, ends.getCount());
      for (Process process : processes) {
        process.destroyForcibly();
      }
      assertTrue(ends.await(20, TimeUnit.SECONDS));
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void whatIsGoneAlreadyIsToldAtOnce() throws IOException {
    List<String> told = new ArrayList<>();
    try (ExitWatcher watcher = new ExitWatcher(proc)) {
      int own = (int) ProcessHandle.current().pid();
      watcher.watch(new ProcessIdentity(own, 1), () -> told.add("a stranger's number"));
    }
    assertEquals(List.of("a stranger's number"), told);
  }
}
