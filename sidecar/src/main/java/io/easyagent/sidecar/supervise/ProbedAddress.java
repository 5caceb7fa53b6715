package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which address a probe asks. A name is looked up once, and what was judged is what is used: a name
 * that means something else a moment later leads nowhere. Only the host's own addresses are asked,
 * and of those none that machines in clouds get their credentials from.
 */
final class ProbedAddress {
  /** Those that are not link-local, which are refused as such. */
  private static final Set<InetAddress> METADATA =
      Stream.of("fd00:ec2::254", "100.100.100.200", "192.0.0.192")
          .map(InetAddress::ofLiteral)
          .collect(Collectors.toUnmodifiableSet());

  /** Looks a name up. */
  interface Resolver {
    InetAddress resolve(String name) throws UnknownHostException;
  }

  /** Tells whether an address is one of this host's. */
  interface OwnAddresses {
    boolean contains(InetAddress address) throws IOException;
  }

  private final Resolver resolver;
  private final OwnAddresses own;

  ProbedAddress(Resolver resolver, OwnAddresses own) {
    this.resolver = resolver;
    this.own = own;
  }

  static ProbedAddress ofThisHost() {
    return new ProbedAddress(InetAddress::getByName, ProbedAddress::isOwn);
  }

  /**
   * @param host a name or an address, IPv6 also in brackets
   * @throws IOException when it is none that a probe may ask
   */
  InetAddress require(String host) throws IOException {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    InetAddress address = resolver.resolve(bare);
    if (address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.contains(address)
        || !own.contains(address)) {
      String given = address.getHostAddress();
      throw new IOException(
          (given.equals(bare) ? host : host + ", which is " + given)
              + " (expected: an address of this host)");
    }
    return address;
  }

  private static boolean isOwn(InetAddress address) throws IOException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }
}
