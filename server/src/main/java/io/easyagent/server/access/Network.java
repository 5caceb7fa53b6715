package io.easyagent.server.access;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** A network in CIDR notation; names are never looked up. */
public record Network(InetAddress address, int prefix) {

  /**
   * @throws RefusedException BAD_REQUEST for what is no network
   */
  static Network parse(String text) {
    int slash = text.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits = address.getAddress().length * Byte.SIZE;
      int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      if (prefix >= 0 && prefix <= bits) {
        return new Network(address, prefix);
      }
    } catch (IllegalArgumentException malformed) {
      // refused below
    }
    throw new RefusedException(
        ErrorCode.BAD_REQUEST,
        "network: \"" + text + "\" (expected: CIDR notation, for example 10.0.0.0/8)");
  }

  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] others = other.getAddress();
    if (mine.length != others.length) {
      return false;
    }
    int whole = prefix / Byte.SIZE;
    int rest = prefix % Byte.SIZE;
    int mask = rest == 0 ? 0 : 0xff << (Byte.SIZE - rest) & 0xff;
    return Arrays.equals(mine, 0, whole, others, 0, whole)
        && (rest == 0 || (mine[whole] & mask) == (others[whole] & mask));
  }

  /** What one peer counts as for rate limits: an IPv6 peer has a /64. */
  public static String peerOf(InetAddress address) {
    if (address instanceof Inet6Address six) {
      byte[] bytes = six.getAddress();
      return java.util.HexFormat.of().formatHex(bytes, 0, 8) + "::/64";
    }
    return address.getHostAddress();
  }
}
