package io.easyagent.server.access;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bounds how often one address may fail: a bucket that refills with time. Remembers a bounded
 * number of addresses, the least recently seen are forgotten. Thread-safe.
 */
public final class RateLimit {
  private static final int MOST_ADDRESSES = 10_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double most;
  private final double perSecond;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /**
   * @param most failures in a row
   * @param perSecond failures that are forgiven each second
   */
  public RateLimit(int most, double perSecond, LongSupplier nanoTime) {
    this.most = most;
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** Whether the address may try. */
  public synchronized boolean allows(InetAddress address) {
    Bucket bucket = buckets.get(Network.peerOf(address));
    return bucket == null || refilled(bucket) >= 1;
  }

  /** Counts a failure of the address. */
  public synchronized void failed(InetAddress address) {
    String peer = Network.peerOf(address);
    Bucket bucket = buckets.get(peer);
    double left = (bucket == null ? most : refilled(bucket)) - 1;
    buckets.put(peer, new Bucket(left, nanoTime.getAsLong()));
  }

  /** How many addresses. */
  synchronized int remembered() {
    return buckets.size();
  }

  private double refilled(Bucket bucket) {
    double seconds = (nanoTime.getAsLong() - bucket.at()) / NANOS_PER_SECOND;
    return Math.min(most, bucket.left() + seconds * perSecond);
  }

  private record Bucket(double left, long at) {}
}
