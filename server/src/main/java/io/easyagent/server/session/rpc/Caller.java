package io.easyagent.server.session.rpc;

import io.easyagent.server.access.HostCertificate;
import io.grpc.Context;
import java.net.InetAddress;
import java.security.cert.X509Certificate;

/** Who calls, as {@link HostAuthentication} found it. */
final class Caller {
  static final Context.Key<HostCertificate> CERTIFICATE = Context.key("host-certificate");

  /** Present when the certificate does not count: its host is not authenticated. */
  static final Context.Key<X509Certificate> UNCOUNTED = Context.key("uncounted-certificate");

  static final Context.Key<InetAddress> ADDRESS = Context.key("address");

  private Caller() {}
}
