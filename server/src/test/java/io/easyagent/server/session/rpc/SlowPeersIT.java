package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to the hosts' port that take their time. */
class SlowPeersIT {
  @Test
  void handshakesThatTrickleAreCutAndHostsAreServed(@TempDir Path folder) throws Exception {
    try (CoreServer server = new CoreServer(folder, 0)) {
      List<Socket> slow = new ArrayList<>();
      for (int each = 0; each < 200; each++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
        slow.add(socket);
      }
      try (FakeHost host = FakeHost.enrol(server.port(), server.token(1), "beside-them")) {
        assertNotNull(host.uuid());
      }
      Eventually.await(
          Duration.ofSeconds(25),
          "every connection that trickles is closed",
          () -> {
            slow.removeIf(SlowPeersIT::isClosed);
            return slow.isEmpty();
          });
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.getOutputStream().write(1);
      return false;
    } catch (IOException closed) {
      return true;
    }
  }
}
