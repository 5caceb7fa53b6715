package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EnrollRequest;
import io.easyagent.protocol.EnrollResponse;
import io.easyagent.testkit.Eventually;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to the hosts' port that take their time. */
class SlowPeersIT {
  /**
   * How a ClientHello begins in the largest record that there is: it is not over before patience
   * is, however many bytes trickle in.
   */
  private static final byte[] LONG_HELLO = {22, 3, 1, 0x3f, (byte) 0xff, 1, 0, 0x3f, (byte) 0xfb};

  @Test
  void handshakesThatTrickleAreCutAndHostsAreServed(@TempDir Path folder) throws Exception {
    try (CoreServer server = new CoreServer(folder, 0)) {
      List<Socket> slow = new ArrayList<>();
      for (int each = 0; each < 200; each++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write(LONG_HELLO);
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

  /** Whoever says nothing more has no certificate to be known by. */
  @Test
  void callsOfStrangersThatTrickleAreCut(@TempDir Path folder) throws Exception {
    try (CoreServer server = new CoreServer(folder, 0)) {
      ManagedChannel stranger = FakeHost.anonymous(server.port());
      try {
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<EnrollRequest, EnrollResponse> call =
            stranger.newCall(EasyAgentServiceGrpc.getEnrollMethod(), CallOptions.DEFAULT);
        call.start(
            new ClientCall.Listener<>() {
              @Override
              public void onClose(Status status, Metadata trailers) {
                end.complete(status);
              }
            },
            new Metadata());
        call.request(1);
        call.sendMessage(EnrollRequest.getDefaultInstance());

        Status status = end.get(40, TimeUnit.SECONDS);

        assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status::toString);
        FakeHost.enrol(server.port(), server.token(1), "after-it").close();
      } finally {
        stranger.shutdownNow();
      }
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
