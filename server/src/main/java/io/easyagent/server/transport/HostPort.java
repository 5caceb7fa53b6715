package io.easyagent.server.transport;

import io.easyagent.server.access.ServerIdentity;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The hosts' port: gRPC over TLS 1.3. Certificates of clients are asked for and verified when
 * given; that every call but enrolment has one is the interceptor's part.
 */
public final class HostPort implements AutoCloseable {
  private static final int MOST_MESSAGE = 4 << 20;
  private static final int MOST_HEADERS = 16 << 10;
  private static final int WINDOW = 1 << 20;
  private static final int MOST_CALLS = 64;

  /** Bytes that the kernel may hold unsent: on a slow link more would delay what comes next. */
  private static final long UNSENT = 64 << 10;

  /** Sidecars ping every 15 s at least; a dead peer is found within a minute. */
  private static final Duration PERMITTED_PING = Duration.ofSeconds(10);

  private static final Duration PING_AFTER = Duration.ofSeconds(30);
  private static final Duration PING_ANSWER = Duration.ofSeconds(20);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  /** A connection without a call: a sidecar has one always. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Server server;
  private final CurrentTls tls;
  private final HostConnections connections;
  private final Loops loops;

  private HostPort(Server server, CurrentTls tls, HostConnections connections, Loops loops) {
    this.server = server;
    this.tls = tls;
    this.connections = connections;
    this.loops = loops;
  }

  /**
   * Listens when it returns.
   *
   * @param address whose port 0 means any free one
   * @param hosts whose certificates are let through the handshake
   * @param nanoTime monotonic
   */
  public static HostPort open(
      InetSocketAddress address,
      ServerIdentity identity,
      X509ExtendedTrustManager hosts,
      HostIdentification identification,
      BindableService service,
      HostConnectionLimits limits,
      LongSupplier nanoTime) {
    CurrentTls tls = new CurrentTls(tls(identity, hosts), later -> tls(later, hosts));
    HostConnections connections = new HostConnections(limits, nanoTime);
    Loops loops = Loops.start();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelFactory(() -> loops.listening(connections))
            .bossEventLoopGroup(loops.accepting())
            .workerEventLoopGroup(loops.serving())
            .sslContext(tls)
            .directExecutor()
            .intercept(identification)
            .addTransportFilter(identification)
            .addTransportFilter(telling(connections, identification))
            .addService(service)
            .maxInboundMessageSize(MOST_MESSAGE)
            .maxInboundMetadataSize(MOST_HEADERS)
            .flowControlWindow(WINDOW)
            .maxConcurrentCallsPerConnection(MOST_CALLS)
            .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(IDLE.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(PERMITTED_PING.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(PING_AFTER.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(PING_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    if (Epoll.isAvailable()) {
      builder.withChildOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT);
    }
    try {
      return new HostPort(builder.build().start(), tls, connections, loops);
    } catch (IOException failure) {
      loops.close();
      Throwable why = failure.getCause() == null ? failure : failure.getCause();
      throw new UncheckedIOException(
          "host port %d: %s (expected: a free port of an address of this machine, %s)"
              .formatted(address.getPort(), why.getMessage(), address.getHostString()),
          failure);
    }
  }

  private static ServerTransportFilter telling(
      HostConnections connections, HostIdentification identification) {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes transport) {
        SocketAddress remote = transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        SocketAddress local = transport.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
        if (remote != null && local != null) {
          identification
              .host(transport)
              .ifPresent(host -> connections.identified(remote, local, host));
        }
        return transport;
      }
    };
  }

  /** The threads of the port, and the kind of its socket. */
  private record Loops(EventLoopGroup accepting, EventLoopGroup serving) {
    static Loops start() {
      IoHandlerFactory io =
          Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
      return new Loops(
          new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("host-accept", true), io),
          // 0: as many as Netty thinks fit
          new MultiThreadIoEventLoopGroup(0, new DefaultThreadFactory("host-port", true), io));
    }

    ServerChannel listening(HostConnections connections) {
      ServerChannel socket =
          Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
      socket.pipeline().addFirst(connections);
      return socket;
    }

    void close() {
      List.of(accepting, serving)
          .forEach(loop ->
              loop.shutdownGracefully(0, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                  .awaitUninterruptibly(GRACE.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  /** How many connections were closed for being too many, since the port was opened. */
  public long refusedConnections() {
    return connections.refused();
  }

  /** How many connections are open that have shown no host's certificate, or not yet. */
  public int strangers() {
    return connections.strangers();
  }

  /** Connections from now on are shown this identity; those that are open stay as they are. */
  public void present(ServerIdentity identity) {
    tls.present(identity);
  }

  /**
   * No session is ever resumed: every connection shows its certificate anew. BoringSSL is needed
   * for that (see {@link CurrentTls}); the JDK's TLS is no substitute.
   */
  private static SslContext tls(ServerIdentity identity, X509ExtendedTrustManager hosts) {
    try {
      OpenSsl.ensureAvailability();
      SslContext context =
          GrpcSslContexts.configure(
                  SslContextBuilder.forServer(identity.key(), identity.chain()),
                  SslProvider.OPENSSL)
              .protocols("TLSv1.3")
              .trustManager(hosts)
              .clientAuth(ClientAuth.OPTIONAL)
              .build();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      return context;
    } catch (UnsatisfiedLinkError missing) {
      throw new IllegalStateException(
          "host port: TLS: BoringSSL cannot be loaded on this machine: " + missing.getMessage(),
          missing);
    } catch (SSLException failure) {
      throw new IllegalStateException("host port: TLS: " + failure.getMessage(), failure);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Takes no new calls. */
  public void stopIntake() {
    server.shutdown();
  }

  /** Lets open calls end for a moment, then ends them. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      loops.close();
    }
  }
}
