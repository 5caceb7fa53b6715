package io.easyagent.sidecar.session;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;

/** Connections to a server: HTTP/2 over TLS 1.3, each with its own socket. Thread-safe. */
public final class Channels {
  /** What a host has: gRPC's own threads, the machine's sockets. */
  public static final Channels USUAL = new Channels(UnaryOperator.identity());

  static final int LARGEST_MESSAGE = 4 << 20;
  private static final String[] TLS = {"TLSv1.3"};
  private static final String[] CIPHERS = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  private final UnaryOperator<OkHttpChannelBuilder> placed;

  /**
   * @param placed says last on which threads and sockets a connection lives; who is trusted, and
   *     what is sent, is not for it to change
   */
  public Channels(UnaryOperator<OkHttpChannelBuilder> placed) {
    this.placed = placed;
  }

  /** A connection that is made at its first call. The name is resolved anew for each. */
  ManagedChannel open(ServerAddress address, SSLSocketFactory tls, String version) {
    OkHttpChannelBuilder builder =
        OkHttpChannelBuilder.forAddress(address.host(), address.port())
            .sslSocketFactory(tls)
            .tlsConnectionSpec(TLS, CIPHERS)
            // The certificate's URI says who the server is, and was checked in the handshake.
            .hostnameVerifier((host, session) -> true)
            .userAgent("easyagent-sidecar/" + version)
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .disableRetry()
            .disableServiceConfigLookUp();
    return placed.apply(builder).build();
  }
}
