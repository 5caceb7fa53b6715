package io.easyagent.server.transport;

import java.time.Duration;

/**
 * What connections to the operators' port may take. Whoever is authenticated is bounded by what
 * each request may; this bounds those who are not yet.
 *
 * @param mostOfOnePeer connections of one address at a time; of IPv6, of one /64
 * @param most connections at a time; more wait until one is closed
 * @param patience for which a connection may be without a request under way: the handshake, and
 *     what comes of a request's head, must be through by then however busily it trickles
 * @param slowestBody bytes in a second, asked for once a body has taken longer than the patience
 */
public record ConnectionLimits(int mostOfOnePeer, int most, Duration patience, long slowestBody) {
  public static final ConnectionLimits USUAL =
      new ConnectionLimits(256, 4_000, Duration.ofSeconds(60), 1024);
}
