package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProcessDescriptorTest {
  private final Proc proc = new Proc();

  @Test
  void opensTheProcessThatIsMeantAndNoOther() throws Exception {
    ProcStat own = proc.findStat((int) ProcessHandle.current().pid()).orElseThrow();
    try (ProcessDescriptor opened = ProcessDescriptor.open(proc, own.identity()).orElseThrow()) {
      assertTrue(opened.number() >= 0);
    }
    ProcessIdentity earlier = new ProcessIdentity(own.pid(), own.startTicks() - 1);
    assertEquals(Optional.empty(), ProcessDescriptor.open(proc, earlier));
  }

  @Test
  void aNumberThatIsAThreadsByNowIsNoProcess() throws Exception {
    int own = (int) ProcessHandle.current().pid();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      int thread =
          tasks
              .map(task -> Integer.parseInt(task.getFileName().toString()))
              .filter(number -> number != own)
              .findFirst()
              .orElseThrow();
      assertEquals(Optional.empty(), ProcessDescriptor.open(proc, new ProcessIdentity(thread, 1)));
    }
  }
}
