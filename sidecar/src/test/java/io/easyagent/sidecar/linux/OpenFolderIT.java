package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands where a folder was expected: nothing of it is opened, followed or waited for. */
@Timeout(30)
class OpenFolderIT {
  @TempDir Path folder;

  private Optional<OpenFolder> find(String name) throws IOException {
    try (OpenFolder above = OpenFolder.open(folder)) {
      return above.findBelow(Path.of(name));
    }
  }

  private void make(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).start().waitFor(), String.join(" ", command));
  }

  @Test
  void onlyAFolderIsOne() throws Exception {
    Files.createDirectory(folder.resolve("real"));
    Files.writeString(folder.resolve("file"), "x");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    make("mkfifo", folder.resolve("fifo").toString());
    make("mknod", folder.resolve("device").toString(), "c", "1", "5");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
      for (String name : new String[] {"file", "link", "fifo", "device", "socket", "nothing"}) {
        assertEquals(Optional.empty(), find(name), name);
      }
    }
    try (OpenFolder real = find("real").orElseThrow()) {
      assertTrue(Files.isSameFile(real.path(), folder.resolve("real")));
    }
  }

  @Test
  void itStaysTheOneThatWasOpened() throws Exception {
    Path before = Files.createDirectory(folder.resolve("before"));
    Files.writeString(before.resolve("mine"), "x");
    try (OpenFolder held = find("before").orElseThrow()) {
      Files.move(before, folder.resolve("after"));
      Files.createSymbolicLink(before, Path.of("/etc"));
      assertTrue(Files.exists(held.path().resolve("mine")));
    }
  }

  @Test
  void oneNameIsAskedFor() throws Exception {
    try (OpenFolder above = OpenFolder.open(folder)) {
      for (String name : new String[] {"a/b", "/etc", "../x"}) {
        assertThrows(IllegalArgumentException.class, () -> above.findBelow(Path.of(name)));
      }
    }
  }
}
