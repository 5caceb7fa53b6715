package io.easyagent.server.transport;

import io.easyagent.server.access.ServerIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS whose identity can change: each new connection uses the latest. No connection resumes the
 * session of another: BoringSSL hands out tickets and cannot be told not to, but it takes a ticket
 * only in the context that it was made in, and every connection has one of its own. Thread-safe.
 */
final class CurrentTls extends SslContext {
  private static final int CONTEXT_BYTES = 32;

  private final Function<ServerIdentity, SslContext> contexts;
  private final SecureRandom random = new SecureRandom();
  private volatile SslContext current;

  CurrentTls(SslContext first, Function<ServerIdentity, SslContext> contexts) {
    this.current = first;
    this.contexts = contexts;
  }

  void present(ServerIdentity identity) {
    current = contexts.apply(identity);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract there
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return newEngine(context -> context.newEngine(allocator));
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return newEngine(context -> context.newEngine(allocator, peerHost, peerPort));
  }

  /** The engine keeps the context's id of the moment in which it is made. */
  private synchronized SSLEngine newEngine(Function<SslContext, SSLEngine> make) {
    SslContext context = current;
    if (!(context.sessionContext() instanceof OpenSslServerSessionContext sessions)) {
      throw new IllegalStateException("TLS of a server that is not BoringSSL's");
    }
    byte[] id = new byte[CONTEXT_BYTES];
    random.nextBytes(id);
    if (!sessions.setSessionIdContext(id)) {
      throw new IllegalStateException("BoringSSL takes no session id context");
    }
    return make.apply(context);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
