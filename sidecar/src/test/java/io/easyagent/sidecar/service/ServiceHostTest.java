package io.easyagent.sidecar.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceHostTest {
  @Test
  void theEnvironmentTellsWhoStartedUs() {
    assertInstanceOf(ServiceHost.Nobody.class, ServiceHost.of(Map.of()));
    assertInstanceOf(Systemd.class, ServiceHost.of(Map.of(Systemd.SOCKET, "@notify")));
    assertInstanceOf(RestartLoop.class, ServiceHost.of(Map.of(RestartLoop.HEARTBEAT, "/run/b")));
    assertInstanceOf(
        ServiceHost.Nobody.class,
        ServiceHost.of(Map.of(Systemd.SOCKET, "vsock:2:1234")),
        "a socket that we cannot write to");
  }

  @Test
  void theWatchdogsTimeIsInMicroseconds() {
    assertEquals(Optional.of(Duration.ofSeconds(60)), within("60000000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "soon", "99999999999999999999"})
  void withoutATimeNobodyLooks(String microseconds) {
    assertEquals(Optional.empty(), within(microseconds));
  }

  @Test
  void whoCannotBeToldIsNoFailure() {
    ServiceHost host = ServiceHost.of(Map.of(Systemd.SOCKET, "/nonexistent/notify"));
    host.ready();
    host.status("x\ny");
    host.alive();
    host.takesAtMost(Duration.ofMinutes(1));
    host.stopping();
  }

  private static Optional<Duration> within(String microseconds) {
    return ServiceHost.of(Map.of(Systemd.SOCKET, "@notify", Systemd.WATCHDOG, microseconds))
        .aliveWithin();
  }
}
