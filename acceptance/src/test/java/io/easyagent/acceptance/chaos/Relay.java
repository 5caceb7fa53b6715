package io.easyagent.acceptance.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The link of one host to the server. It can be cut, refuse, fall silent, and be open at one end
 * only. Safe for use by several threads.
 */
final class Relay implements Closeable {
  private static final int CONNECT_MILLIS = 2_000;

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private int refusals;
  private int silences;

  Relay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Resets every connection; false when there was none. */
  boolean cut() {
    List<Connection> connections = List.copyOf(open);
    connections.forEach(Connection::reset);
    return !connections.isEmpty();
  }

  /** Until {@link #admit} is called as often, no connection is made. */
  synchronized void refuse() {
    refusals++;
  }

  synchronized void admit() {
    refusals--;
  }

  /** Until {@link #speak} is called as often, nothing passes; then all does. */
  synchronized void fallSilent() {
    silences++;
  }

  synchronized void speak() {
    silences--;
    notifyAll();
  }

  /**
   * Resets one end of every connection; the other stays as it is, and nothing comes from it or goes
   * to it any more.
   *
   * @return what was left half open: reset it in the end
   */
  List<Connection> abandon(Fault.Side told) {
    List<Connection> abandoned = List.copyOf(open);
    abandoned.forEach(connection -> connection.abandon(told));
    return abandoned;
  }

  private synchronized boolean refuses() {
    return refusals > 0;
  }

  private synchronized void awaitSpeech() throws InterruptedException {
    while (silences > 0) {
      wait();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (refuses()) {
          reset(near);
        } else {
          Thread.ofVirtual().start(() -> relay(near));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void relay(Socket near) {
    Socket far = new Socket();
    Connection connection = new Connection(near, far);
    open.add(connection);
    try {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort), CONNECT_MILLIS);
      Thread back = Thread.ofVirtual().start(() -> copy(connection, far, near));
      copy(connection, near, far);
      back.join();
    } catch (IOException unreachable) {
      connection.reset();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(connection);
    }
  }

  private void copy(Connection connection, Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      int count = from.getInputStream().read(buffer);
      while (count >= 0) {
        awaitSpeech();
        to.getOutputStream().write(buffer, 0, count);
        count = from.getInputStream().read(buffer);
      }
    } catch (IOException broken) {
      // One end is gone; the other is told below.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    connection.ended();
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyGone) {
      // Closed is what was wanted.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    boolean unused = cut();
  }

  /** A connection of the host, and the one that was made to the server for it. */
  static final class Connection {
    private final Socket near;
    private final Socket far;
    private boolean abandoned;

    private Connection(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    synchronized void reset() {
      Relay.reset(near);
      Relay.reset(far);
    }

    private synchronized void abandon(Fault.Side told) {
      abandoned = true;
      Relay.reset(
          switch (told) {
            case SERVER -> far;
            case SIDECAR -> near;
          });
    }

    /** One end has closed, or was closed. */
    private synchronized void ended() {
      if (!abandoned) {
        reset();
      }
    }
  }
}
