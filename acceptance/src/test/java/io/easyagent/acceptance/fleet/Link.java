package io.easyagent.acceptance.fleet;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The link between sidecar and server, as a relay that can be cut after any number of chunks. */
public final class Link implements Closeable {
  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** Chunks that still pass before the cut; negative: not armed. */
  private int left = -1;

  private boolean cut;
  private long relayed;

  Link(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Cuts the link after that many more chunks in either direction; the chunk itself is lost. */
  public synchronized void cutAfter(int chunks) {
    left = chunks;
    cut = false;
  }

  /** Whether the armed cut has happened. */
  public synchronized boolean isCut() {
    return cut;
  }

  /** Bytes in both directions since the link was made. */
  public synchronized long relayed() {
    return relayed;
  }

  public synchronized void disarm() {
    left = -1;
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        Thread.ofVirtual().start(() -> relay(near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void relay(Socket near) {
    try (near;
        Socket far = new Socket()) {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort), 2_000);
      open.add(near);
      open.add(far);
      Thread back = Thread.ofVirtual().start(() -> copy(far, near));
      copy(near, far);
      back.join();
    } catch (IOException unreachable) {
      // The server is down: the near side sees its connection close.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(near);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!passes(count)) {
          return;
        }
        out.write(buffer, 0, count);
      }
    } catch (IOException broken) {
      // One side is gone; the other is closed below.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private synchronized boolean passes(int count) {
    relayed += count;
    if (left < 0) {
      return true;
    }
    if (left-- > 0) {
      return true;
    }
    left = -1;
    cut = true;
    open.forEach(Link::closeQuietly);
    open.clear();
    return false;
  }

  private static void closeQuietly(Socket socket) {
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
    open.forEach(Link::closeQuietly);
  }
}
