package io.easyagent.server;

/**
 * What an operator decides about how much there may be at a time; more is refused, and what is
 * there already is not touched.
 *
 * @param hosts no more can enrol
 * @param batchHosts that one request may command
 * @param watches streams of events that are open at a time
 * @param logStreams logs that are read at a time
 */
public record ServerLimits(int hosts, int batchHosts, int watches, int logStreams) {
  public static final ServerLimits USUAL = new ServerLimits(20_000, 20_000, 500, 100);

  private static final int MOST_HOSTS = 1_000_000;

  /** Each is a connection of the operators' port. */
  private static final int MOST_WATCHES = 3_000;

  /** For each, a megabyte may wait in the server. */
  private static final int MOST_LOG_STREAMS = 1_000;

  /**
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  public ServerLimits {
    ServerConfig.requireBetween("maxHosts", hosts, 1, MOST_HOSTS);
    ServerConfig.requireBetween("maxBatchHosts", batchHosts, 1, MOST_HOSTS);
    ServerConfig.requireBetween("maxWatches", watches, 1, MOST_WATCHES);
    ServerConfig.requireBetween("maxLogStreams", logStreams, 1, MOST_LOG_STREAMS);
  }
}
