package io.easyagent.sidecar.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTest {
  @TempDir Path data;

  @Test
  void aFolderHasOneSidecar() throws Exception {
    Path folder = data.resolve("data");
    try (DataLock lock = DataLock.acquire(folder)) {
      IOException refusal = assertThrows(IOException.class, () -> DataLock.acquire(folder));
      assertTrue(refusal.getMessage().contains("another sidecar"), refusal::getMessage);
      assertEquals(
          "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }
    DataLock.acquire(folder).close();
  }

  @Test
  void theSocketTellsTheStatus() throws Exception {
    Status status =
        new Status(
            "2.0.0",
            "h",
            "connected",
            "expires tomorrow",
            Optional.of("damaged"),
            List.of("no cgroup"),
            List.of(
                new Status.Agent("filebeat", "backing-off", "none", "-", "exit 1"),
                new Status.Agent("x", "running", "healthy", "4711", "")));
    Files.createFile(data.resolve("sidecar.sock"));
    try (StatusSocket socket = StatusSocket.open(data, () -> status)) {
      assertEquals(status.text(), StatusSocket.ask(data));
      assertEquals(status.text(), StatusSocket.ask(data));
    }
    assertTrue(Files.notExists(data.resolve("sidecar.sock")));
    assertThrows(IOException.class, () -> StatusSocket.ask(data));
    assertEquals(
        """
        version  2.0.0
        host     h
        server   connected
        identity expires tomorrow
        intake   STOPPED: damaged
        note     no cgroup

        AGENT     STATE        HEALTH   PID   CAUSE
        filebeat  backing-off  none     -     exit 1
        x         running      healthy  4711
        """,
        status.text());
  }
}
