package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.server.transport.HostConnectionLimits;
import io.easyagent.testkit.Eventually;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More connections to the hosts' port than there may be. */
class CrowdIT {
  private static final int OF_ONE_PEER = 4;
  private static final int STRANGERS = 6;
  private static final int OF_ONE_HOST = 3;
  private static final HostConnectionLimits LIMITS =
      new HostConnectionLimits(STRANGERS, OF_ONE_PEER, OF_ONE_HOST);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void strangersAreBoundedForEachPeerAndInAllAndHostsStay() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    List<ManagedChannel> channels = new ArrayList<>();
    try (CoreServer server = new CoreServer(folder, LIMITS);
        FakeHost host = FakeHost.enrol(server.port(), server.token(2), "known")) {
      ManagedChannel connected = host.another();
      channels.add(connected);
      assertServed(connected);
      awaitNoStrangers(server);
      long before = server.refusedConnections();
      for (int each = 0; each < OF_ONE_PEER; each++) {
        sockets.add(connect(server, "127.0.0.2"));
      }
      assertClosed(connect(server, "127.0.0.2"));
      for (int each = OF_ONE_PEER; each < STRANGERS; each++) {
        sockets.add(connect(server, "127.0.0.3"));
      }
      assertClosed(connect(server, "127.0.0.3"));
      assertEquals(before + 2, server.refusedConnections(), "those alone");
      assertServed(connected);

      for (Socket socket : sockets) {
        socket.close();
      }

      awaitNoStrangers(server);
      FakeHost.enrol(server.port(), server.token(1), "another").close();
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  @Test
  void aHostHasAFewConnections() throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    try (CoreServer server = new CoreServer(folder, LIMITS);
        FakeHost host = FakeHost.enrol(server.port(), server.token(2), "greedy")) {
      for (int each = 0; each < OF_ONE_HOST; each++) {
        channels.add(host.another());
        assertServed(channels.getLast());
      }

      channels.add(host.another());
      // What a client says of a connection that ends in its handshake depends on how far it was.
      assertNotEquals(Status.Code.PERMISSION_DENIED, call(channels.getLast()));
      assertTrue(server.refusedConnections() > 0, "gRPC may have tried again by itself");
      assertServed(channels.getFirst());

      channels.removeFirst().shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      Eventually.await(
          PATIENCE,
          "its place is free",
          () -> call(channels.getLast()) == Status.Code.PERMISSION_DENIED);
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  /** Refused by what the call says, so that it was heard. */
  private static void assertServed(ManagedChannel channel) {
    assertEquals(Status.Code.PERMISSION_DENIED, call(channel));
  }

  private static Status.Code call(ManagedChannel channel) {
    return assertThrows(
            StatusRuntimeException.class,
            () ->
                EasyAgentServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .renewCertificate(RenewCertificateRequest.getDefaultInstance()))
        .getStatus()
        .getCode();
  }

  /** Who has enrolled was a stranger, and is one until the server has seen it go. */
  private static void awaitNoStrangers(CoreServer server) {
    Eventually.await(PATIENCE, "no stranger is left", () -> server.strangers() == 0);
  }

  private static Socket connect(CoreServer server, String from) throws IOException {
    return new Socket("127.0.0.1", server.port(), InetAddress.getByName(from), 0);
  }

  private static void assertClosed(Socket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      assertEquals(-1, socket.getInputStream().read());
    }
  }
}
