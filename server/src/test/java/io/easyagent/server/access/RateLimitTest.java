package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final RateLimit limit = new RateLimit(20, 0.2, now::get);

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  private void fail(String from, int times) {
    for (int each = 0; each < times; each++) {
      limit.failed(address(from));
    }
  }

  @Test
  void theLastFailureIsOneTooMany() {
    fail("10.0.0.1", 19);
    assertTrue(limit.allows(address("10.0.0.1")));
    fail("10.0.0.1", 1);
    assertFalse(limit.allows(address("10.0.0.1")));
    assertTrue(limit.allows(address("10.0.0.2")));
  }

  @Test
  void timeForgives() {
    fail("10.0.0.1", 20);
    now.addAndGet(Duration.ofSeconds(4).toNanos());
    assertFalse(limit.allows(address("10.0.0.1")));
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    assertTrue(limit.allows(address("10.0.0.1")));
    now.addAndGet(Duration.ofDays(1).toNanos());
    fail("10.0.0.1", 19);
    assertTrue(limit.allows(address("10.0.0.1")), "no more is forgiven than there was");
    fail("10.0.0.1", 1);
    assertFalse(limit.allows(address("10.0.0.1")));
  }

  @Test
  void aNetworkOfIpv6IsOnePeer() {
    for (int each = 0; each < 20; each++) {
      limit.failed(address("2001:db8:1:2::" + Integer.toHexString(each + 1)));
    }
    assertFalse(limit.allows(address("2001:db8:1:2:ffff::1")));
    assertTrue(limit.allows(address("2001:db8:1:3::1")));
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsTheSamePeer() {
    fail("10.0.0.1", 20);
    assertFalse(limit.allows(address("::ffff:10.0.0.1")));
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int each = 0; each < 100_000; each++) {
      limit.failed(
          address("10.%d.%d.%d".formatted(each >> 16 & 0xff, each >> 8 & 0xff, each & 0xff)));
    }
    assertEquals(10_000, limit.remembered());
  }
}
