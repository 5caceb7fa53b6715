package io.easyagent.api.client;

import io.easyagent.api.client.ConnectionException.Reason;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in one line why a connection failed. */
final class ConnectionFailures {
  private ConnectionFailures() {}

  static ConnectionException explain(URI server, Throwable failure) {
    Optional<CertificateException> untrusted = find(failure, CertificateException.class);
    if (untrusted.isPresent()) {
      return new ConnectionException(
          Reason.untrusted,
          server + ": its certificate is not from the CA that is pinned: " + root(failure),
          failure);
    }
    String why =
        find(failure, UnresolvedAddressException.class).isPresent()
            ? "unknown host"
            : find(failure, HttpConnectTimeoutException.class).isPresent()
                ? "no connection within 10 s"
                : find(failure, ConnectException.class).isPresent()
                    ? "connection refused"
                    : find(failure, SSLException.class).isPresent()
                        ? "no TLS: " + root(failure)
                        : "connection lost: " + root(failure);
    return new ConnectionException(Reason.unreachable, server + ": " + why, failure);
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
