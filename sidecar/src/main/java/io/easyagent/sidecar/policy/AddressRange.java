package io.easyagent.sidecar.policy;

import java.net.InetAddress;

/**
 * A network address, or all that begin with the same bits.
 *
 * @param bits how many of them count
 */
public record AddressRange(InetAddress address, int bits) {
  public AddressRange {
    if (bits < 0 || bits > address.getAddress().length * 8) {
      throw new IllegalArgumentException(
          "bits: " + bits + " (expected: 0 to " + address.getAddress().length * 8 + ")");
    }
  }

  /**
   * @throws IllegalArgumentException when it is none; names are not looked up
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int bits =
        slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
    return new AddressRange(address, bits);
  }

  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + bits;
  }
}
