package io.easyagent.server.transport;

import io.easyagent.server.access.Network;
import io.easyagent.server.fleet.HostId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections to the hosts' port: stands before the listening socket's acceptor, and
 * closes what is too much before a byte of it is read. Thread-safe; nothing here waits.
 */
final class HostConnections extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HostConnections.class);
  private static final Duration SAY_EVERY = Duration.ofMinutes(1);

  private final HostConnectionLimits limits;
  private final LongSupplier nanoTime;
  private final Map<Ends, Connection> unidentified = new HashMap<>();
  private final Counts<String> strangers = new Counts<>();
  private final Counts<HostId> hosts = new Counts<>();
  private int strangersInAll;
  private long refused;
  private long said;
  private long saidAt;

  /** What makes a connection, as both Netty and gRPC know it. */
  private record Ends(SocketAddress remote, SocketAddress local) {}

  /** An open connection; changed by who holds the lock. */
  private static final class Connection {
    private final Channel channel;
    private final Ends ends;
    private final String peer;

    /** Empty: a stranger's. */
    private Optional<HostId> host = Optional.empty();

    Connection(Channel channel) {
      this.channel = channel;
      this.ends = new Ends(channel.remoteAddress(), channel.localAddress());
      this.peer = HostConnections.peer(ends.remote());
    }
  }

  HostConnections(HostConnectionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.saidAt = nanoTime.getAsLong() - SAY_EVERY.toNanos();
  }

  /** A connection was accepted. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Connection connection = new Connection((Channel) accepted);
    if (admit(connection)) {
      connection.channel.closeFuture().addListener(_ -> closed(connection));
      context.fireChannelRead(accepted);
    } else {
      connection.channel.unsafe().closeForcibly();
    }
  }

  private synchronized boolean admit(Connection connection) {
    if (strangersInAll >= limits.mostStrangers()
        || strangers.of(connection.peer) >= limits.mostStrangersOfOnePeer()) {
      refuse("connections without a host's certificate", connection);
      return false;
    }
    unidentified.put(connection.ends, connection);
    count(connection, 1);
    return true;
  }

  /** Its handshake has shown the host's certificate. */
  synchronized void identified(SocketAddress remote, SocketAddress local, HostId host) {
    Connection connection = unidentified.remove(new Ends(remote, local));
    if (connection == null) {
      return;
    }
    count(connection, -1);
    connection.host = Optional.of(host);
    count(connection, 1);
    if (hosts.of(host) > limits.mostOfOneHost()) {
      refuse("connections of host " + host, connection);
      close(connection.channel);
    }
  }

  /** Past gRPC's own handler, which would let calls end. */
  private static void close(Channel channel) {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
  }

  /** Another one may have the same ends by now, before the close of this one was seen. */
  private synchronized void closed(Connection connection) {
    unidentified.remove(connection.ends, connection);
    count(connection, -1);
  }

  private void count(Connection connection, int more) {
    if (connection.host.isPresent()) {
      hosts.add(connection.host.get(), more);
    } else {
      strangersInAll += more;
      strangers.add(connection.peer, more);
    }
  }

  private void refuse(String what, Connection connection) {
    refused++;
    long now = nanoTime.getAsLong();
    if (now - saidAt >= SAY_EVERY.toNanos()) {
      log.warn(
          "too many {} at a time: refused={} latest={}",
          what,
          refused - said,
          connection.ends.remote());
      said = refused;
      saidAt = now;
    }
  }

  /** Since the port was opened. */
  synchronized long refused() {
    return refused;
  }

  /** Open ones that have shown no host's certificate, or not yet. */
  synchronized int strangers() {
    return strangersInAll;
  }

  private static String peer(SocketAddress address) {
    return address instanceof InetSocketAddress socket && socket.getAddress() != null
        ? Network.peerOf(socket.getAddress())
        : "unknown";
  }

  /** How many there are of each; what there is none of takes no room. */
  private static final class Counts<K> {
    private final Map<K, Integer> numbers = new HashMap<>();

    int of(K key) {
      return numbers.getOrDefault(key, 0);
    }

    void add(K key, int more) {
      int now = of(key) + more;
      if (now == 0) {
        numbers.remove(key);
      } else {
        numbers.put(key, now);
      }
    }
  }
}
