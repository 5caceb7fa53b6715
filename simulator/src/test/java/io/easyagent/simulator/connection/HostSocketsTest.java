package io.easyagent.simulator.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostSocketsTest {
  private final HostSockets sockets = new HostSockets();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Socket connect() throws IOException {
    return sockets.createSocket(server.getInetAddress(), server.getLocalPort());
  }

  @Test
  void aNormalConnectionCarriesBothWays() throws IOException {
    try (Socket host = connect();
        Socket peer = server.accept()) {
      host.getOutputStream().write(7);
      assertEquals(7, peer.getInputStream().read());
      peer.getOutputStream().write(8);
      assertEquals(8, host.getInputStream().read());
    }
  }

  @Test
  void aSlowHostSendsAndDoesNotReadUntilItBehaves() throws Exception {
    try (Socket host = connect();
        Socket peer = server.accept()) {
      sockets.behave(Manner.SLOW);
      peer.getOutputStream().write(8);
      CompletableFuture<Integer> read = read(host);
      host.getOutputStream().write(7);
      assertEquals(7, peer.getInputStream().read());
      assertFalse(read.isDone());
      sockets.behave(Manner.NORMAL);
      assertEquals(8, read.get());
    }
  }

  @Test
  void whatWasBeingReadWhenItBecameSlowIsNotSeenEither() throws Exception {
    try (Socket host = connect();
        Socket peer = server.accept()) {
      CompletableFuture<Integer> read = read(host);
      sockets.behave(Manner.SLOW);
      peer.getOutputStream().write(8);
      assertFalse(read.isDone());
      sockets.behave(Manner.NORMAL);
      assertEquals(8, read.get());
    }
  }

  @Test
  void aSilentConnectionStaysOpenThoughTheHostClosesItAndEndsWhenItBehaves() throws Exception {
    Socket host = connect();
    try (Socket peer = server.accept()) {
      sockets.behave(Manner.SILENT);
      host.getOutputStream().write(7);
      host.close();
      peer.setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, () -> peer.getInputStream().read());
      sockets.behave(Manner.NORMAL);
      peer.setSoTimeout(10_000);
      assertEquals(-1, peer.getInputStream().read());
    }
  }

  @Test
  void aHostThatDoesNotBehaveDoesNotConnect() throws Exception {
    sockets.behave(Manner.SILENT);
    CompletableFuture<Socket> connecting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return connect();
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            },
            task -> Thread.ofVirtual().start(task));
    assertFalse(connecting.isDone());
    sockets.behave(Manner.NORMAL);
    assertTrue(connecting.get().isConnected());
    connecting.get().close();
  }

  @Test
  void aBrokenConnectionIsReset() throws Exception {
    connect();
    try (Socket peer = server.accept()) {
      sockets.breakAll();
      assertThrows(IOException.class, () -> peer.getInputStream().read());
    }
  }

  private static CompletableFuture<Integer> read(Socket socket) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return socket.getInputStream().read();
          } catch (IOException failure) {
            throw new IllegalStateException(failure);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
