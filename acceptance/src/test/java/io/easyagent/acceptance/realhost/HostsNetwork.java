package io.easyagent.acceptance.realhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The bridge that all hosts of this machine are plugged into. A bridge without an Ethernet address
 * of its own takes the lowest of its ports: it would change whenever any host boots, and what the
 * others send to this machine would be lost until they ask for its address again, up to a minute
 * later.
 */
final class HostsNetwork {
  private static final String BRIDGE = "rh0";
  private static final String ETHERNET_ADDRESS = "02:00:0a:4d:00:01";

  private HostsNetwork() {}

  /** There is a bridge, and its address is its own. To be called before a host is started. */
  static synchronized void ensure() throws IOException, InterruptedException {
    try (MachineLock lock = MachineLock.acquire("network")) {
      Path address = Path.of("/sys/class/net", BRIDGE, "address");
      if (!Files.exists(address)) {
        ip("link", "add", BRIDGE, "address", ETHERNET_ADDRESS, "type", "bridge");
        ip("addr", "add", RealHost.MACHINE + "/24", "dev", BRIDGE);
        ip("link", "set", BRIDGE, "up");
      } else if (!Files.readString(address).strip().equals(ETHERNET_ADDRESS)) {
        ip("link", "set", BRIDGE, "address", ETHERNET_ADDRESS);
      }
    }
  }

  /**
   * After a boot this machine asks anew who has the address: with each boot comes another Ethernet
   * address, and what is sent to the last one is lost until it is given up, seconds later.
   */
  static void forget(String address) throws IOException, InterruptedException {
    ip("neigh", "flush", "to", address, "dev", BRIDGE);
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    RealHost.execute(Stream.concat(Stream.of("ip"), Stream.of(words)).toList(), "").expect(0);
  }
}
