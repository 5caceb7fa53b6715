package io.easyagent.server.transport;

import io.easyagent.server.access.Network;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Closes connections that are more than their peer's share, and those that take their time over the
 * head of a request: a connection that sends a byte now and then is never idle.
 */
final class ConnectionGuard implements Connection.Listener, HttpConfiguration.Customizer {
  private static final int LOOKS_WITHIN_PATIENCE = 4;

  private final ConnectionLimits limits;
  private final LongSupplier nanoTime;
  private final Map<Connection, Watched> open = new ConcurrentHashMap<>();
  private final Map<String, Integer> peers = new HashMap<>();

  /**
   * @param waitingSince without a request; empty: one is under way
   */
  private record Watched(String peer, OptionalLong waitingSince) {}

  ConnectionGuard(ConnectionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** Watches every connection of the connector, for as long as it runs. */
  void watch(ServerConnector connector) {
    connector.addBean(this);
    connector.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarted(LifeCycle started) {
            lookAgain(connector);
          }
        });
  }

  private void lookAgain(ServerConnector connector) {
    if (!connector.isRunning()) {
      return;
    }
    closeTheSlow();
    connector
        .getScheduler()
        .schedule(
            () -> lookAgain(connector),
            limits.patience().toMillis() / LOOKS_WITHIN_PATIENCE,
            TimeUnit.MILLISECONDS);
  }

  private void closeTheSlow() {
    long now = nanoTime.getAsLong();
    open.forEach((connection, watched) -> {
      if (watched.waitingSince().isPresent()
          && now - watched.waitingSince().getAsLong() > limits.patience().toNanos()) {
        connection.getEndPoint().close();
      }
    });
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof SslConnection) {
      return;
    }
    String peer = peer(connection.getEndPoint().getRemoteSocketAddress());
    open.put(connection, new Watched(peer, OptionalLong.of(nanoTime.getAsLong())));
    if (count(peer, 1) > limits.mostOfOnePeer()) {
      connection.getEndPoint().close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Watched watched = open.remove(connection);
    if (watched != null) {
      count(watched.peer(), -1);
    }
  }

  /** A request's head is through. */
  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    Connection connection = request.getConnectionMetaData().getConnection();
    mark(connection, OptionalLong.empty());
    Request.addCompletionListener(
        request, _ -> mark(connection, OptionalLong.of(nanoTime.getAsLong())));
    return request;
  }

  private void mark(Connection connection, OptionalLong waitingSince) {
    open.computeIfPresent(connection, (_, watched) -> new Watched(watched.peer(), waitingSince));
  }

  private int count(String peer, int more) {
    synchronized (peers) {
      int now = peers.getOrDefault(peer, 0) + more;
      if (now <= 0) {
        peers.remove(peer);
      } else {
        peers.put(peer, now);
      }
      return now;
    }
  }

  private static String peer(SocketAddress address) {
    return address instanceof InetSocketAddress socket && socket.getAddress() != null
        ? Network.peerOf(socket.getAddress())
        : "unknown";
  }
}
