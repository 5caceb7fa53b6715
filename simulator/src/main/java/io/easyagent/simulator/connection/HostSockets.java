package io.easyagent.simulator.connection;

import io.easyagent.simulator.connection.Turns.Turn;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.SocketFactory;

/** The sockets of one host, all of which have its manner. Thread-safe. */
final class HostSockets extends SocketFactory {
  private static final Logger log = Logger.getLogger(HostSockets.class.getName());
  private static final int CONNECT_MILLIS = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<HostSocket> open = ConcurrentHashMap.newKeySet();
  private final List<HostSocket> kept = new ArrayList<>();
  private final AtomicReference<Optional<Turn>> next = new AtomicReference<>(Optional.empty());
  private volatile Manner manner = Manner.NORMAL;

  /** The turn of the connection that is made next. One that was not used is over. */
  void next(Turn turn) {
    next.getAndSet(Optional.of(turn)).ifPresent(Turn::finish);
  }

  /**
   * From silence, connections that had been given up are closed: what went missing on them cannot
   * be made up for.
   */
  void behave(Manner next) {
    Manner before;
    List<HostSocket> due = List.of();
    lock.lock();
    try {
      before = manner;
      manner = next;
      if (next == Manner.NORMAL) {
        due = List.copyOf(kept);
        kept.clear();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    due.forEach(HostSocket::closeNow);
    if (before == Manner.SILENT && next != Manner.SILENT) {
      breakAll();
    }
  }

  Manner manner() {
    return manner;
  }

  /** Every connection is reset, as by a machine that lost its power. */
  void breakAll() {
    for (HostSocket socket : Set.copyOf(open)) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException closedMeanwhile) {
        log.log(Level.FINE, "no reset", closedMeanwhile);
      }
      socket.closeNow();
    }
  }

  private void awaitReading() throws IOException {
    if (manner == Manner.NORMAL) {
      return;
    }
    lock.lock();
    try {
      while (manner != Manner.NORMAL) {
        changed.await();
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** False: it stays open for now, and is closed when the host behaves again. */
  private boolean mayClose(HostSocket socket) {
    lock.lock();
    try {
      if (manner != Manner.SILENT) {
        return true;
      }
      if (!kept.contains(socket)) {
        kept.add(socket);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Socket createSocket() {
    return new HostSocket(Optional.empty());
  }

  @Override
  public Socket createSocket(InetAddress address, int port) throws IOException {
    awaitReading();
    HostSocket socket = new HostSocket(next.getAndSet(Optional.empty()));
    try {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
    } catch (IOException unreachable) {
      socket.closeNow();
      throw unreachable;
    }
    open.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("a local address: " + local + " (expected: none)");
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("a local address: " + local + " (expected: none)");
  }

  private final class HostSocket extends Socket {
    private final Optional<Turn> turn;
    private boolean read;
    private boolean answered;

    HostSocket(Optional<Turn> turn) {
      this.turn = turn;
    }

    /**
     * Hands are shaken when the server says something after the host has answered its first word.
     */
    private synchronized void heard() {
      if (answered) {
        turn.ifPresent(Turn::finish);
      }
      read = true;
    }

    private synchronized void said() {
      answered |= read;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          awaitReading();
          return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          awaitReading();
          int count = super.read(bytes, offset, length);
          heard();
          // What came while it was to be quiet is not seen before it behaves.
          awaitReading();
          return count;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int value) throws IOException {
          if (manner != Manner.SILENT) {
            out.write(value);
          }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          said();
          if (manner != Manner.SILENT) {
            out.write(bytes, offset, length);
          }
        }
      };
    }

    @Override
    public void close() throws IOException {
      if (mayClose(this)) {
        closeNow();
      }
    }

    void closeNow() {
      open.remove(this);
      turn.ifPresent(Turn::finish);
      try {
        super.close();
      } catch (IOException failure) {
        log.log(Level.FINE, "not closed", failure);
      }
    }
  }
}
