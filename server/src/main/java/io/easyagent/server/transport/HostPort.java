package io.easyagent.server.transport;

import io.easyagent.server.access.ServerIdentity;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

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

  private HostPort(Server server) {
    this.server = server;
  }

  /**
   * Listens when it returns.
   *
   * @param address whose port 0 means any free one
   */
  public static <A extends ServerTransportFilter & ServerInterceptor> HostPort open(
      InetSocketAddress address,
      ServerIdentity identity,
      A authentication,
      BindableService service) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .sslContext(tls(identity))
            .directExecutor()
            .intercept(authentication)
            .addTransportFilter(authentication)
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
      return new HostPort(builder.build().start());
    } catch (IOException failure) {
      throw new UncheckedIOException("host port " + address + ": " + failure.getMessage(), failure);
    }
  }

  /** No session is ever resumed: every connection shows its certificate anew. */
  private static SslContext tls(ServerIdentity identity) {
    try {
      SslContext context =
          GrpcSslContexts.configure(
                  SslContextBuilder.forServer(
                      identity.key(), identity.certificate(), identity.authority()),
                  OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
              .protocols("TLSv1.3")
              .trustManager(identity.authority())
              .clientAuth(ClientAuth.OPTIONAL)
              .build();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      return context;
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
    }
  }
}
