package io.easyagent.sidecar.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** TLS with one identity. Remembers what the last trusted server showed. */
final class TlsOfHost {
  private final Identity identity;
  private final Clock clock;
  private final SSLSocketFactory factory;
  private final AtomicReference<X509Certificate @Nullable []> presented = new AtomicReference<>();

  TlsOfHost(Identity identity, Clock clock) throws GeneralSecurityException {
    this.identity = identity;
    this.clock = clock;
    factory = Tls.mutual(identity, this::check);
  }

  SSLSocketFactory factory() {
    return factory;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    ServerCertificates.checkAt(chain, identity.authorities(), identity.fleetId(), clock.instant());
    presented.set(chain);
  }

  /** A host that took these authorities could never come back to that server otherwise. */
  void requireLastServerTrustedBy(List<X509Certificate> authorities) throws CertificateException {
    X509Certificate[] chain = presented.get();
    if (chain != null) {
      ServerCertificates.checkAt(chain, authorities, identity.fleetId(), clock.instant());
    }
  }
}
