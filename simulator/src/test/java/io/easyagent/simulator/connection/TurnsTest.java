package io.easyagent.simulator.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.simulator.connection.Turns.Turn;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Turns turns = new Turns(1, timer, Duration.ofMinutes(1));

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private static CompletableFuture<Turn> take(Turns turns) {
    return CompletableFuture.supplyAsync(turns::take, task -> Thread.ofVirtual().start(task));
  }

  @Test
  void theNextTurnBeginsWhenOneIsFinishedAndOnlyOnce() throws Exception {
    Turn first = turns.take();
    CompletableFuture<Turn> second = take(turns);
    assertFalse(second.isDone());
    first.finish();
    first.finish();
    second.get();
    assertFalse(take(turns).isDone());
  }

  @Test
  void aTurnThatIsNotFinishedEndsByItself() throws Exception {
    Turns brief = new Turns(1, timer, Duration.ofMillis(20));
    brief.take();
    brief.take();
  }

  @Test
  void inTheEndNobodyWaits() throws Exception {
    turns.take();
    CompletableFuture<Turn> second = take(turns);
    turns.end();
    second.get();
  }

  @Test
  void aTurnIsOverWhenTheServerSpeaksAfterItWasAnswered() throws Exception {
    HostSockets sockets = new HostSockets();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      sockets.next(turns.take());
      try (Socket host = sockets.createSocket(server.getInetAddress(), server.getLocalPort());
          Socket peer = server.accept()) {
        CompletableFuture<Turn> second = take(turns);
        exchange(host, peer);
        assertFalse(second.isDone());
        exchange(host, peer);
        Eventually.await(PATIENCE, "the next turn", second::isDone);
      }
    }
  }

  @Test
  void aConnectionThatIsClosedGivesItsTurnBack() throws Exception {
    HostSockets sockets = new HostSockets();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      sockets.next(turns.take());
      sockets.createSocket(server.getInetAddress(), server.getLocalPort()).close();
      assertTrue(take(turns).get() != null);
    }
  }

  private static void exchange(Socket host, Socket peer) throws IOException {
    host.getOutputStream().write(new byte[] {1});
    peer.getInputStream().read();
    peer.getOutputStream().write(2);
    host.getInputStream().read(new byte[1]);
  }
}
