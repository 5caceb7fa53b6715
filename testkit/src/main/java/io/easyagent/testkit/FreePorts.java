package io.easyagent.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports for programs that must be told one before they start. All others should listen on 0. */
public final class FreePorts {
  private FreePorts() {}

  /** A port of the loopback address that nothing listens on. */
  public static int one() throws IOException {
    return several(1).getFirst();
  }

  /** That many different ones. */
  public static List<Integer> several(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int index = 0; index < count; index++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
