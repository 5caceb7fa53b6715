package io.easyagent.server.session.rpc;

import io.easyagent.server.access.HostCertificate;
import io.grpc.Context;
import java.net.InetAddress;

/** Who calls, as {@link HostAuthentication} found it. */
final class Caller {
  static final Context.Key<HostCertificate> CERTIFICATE = Context.key("host-certificate");
  static final Context.Key<InetAddress> ADDRESS = Context.key("address");

  private Caller() {}
}
