package io.easyagent.server.transport;

/**
 * How many connections the hosts' port holds at a time. A stranger's is one whose handshake has not
 * shown a host's certificate, or not yet: hosts that all come back at once are strangers for as
 * long as their handshakes take, and those that are too many try again. Fewer at a time are through
 * sooner than all of them together, which would all take longer than a handshake may.
 *
 * @param mostStrangers in all
 * @param mostStrangersOfOnePeer of one address; of IPv6, of one /64. Many hosts may share one
 * @param mostOfOneHost of one certificate's host, who needs one
 */
public record HostConnectionLimits(
    int mostStrangers, int mostStrangersOfOnePeer, int mostOfOneHost) {
  public static final HostConnectionLimits USUAL = new HostConnectionLimits(1_000, 500, 8);
}
