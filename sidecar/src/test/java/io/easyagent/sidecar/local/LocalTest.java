package io.easyagent.sidecar.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTest {
  private static final Reload NOTHING_DEFINED = _ -> false;

  @TempDir Path data;

  @Test
  void aFolderHasOneSidecar() throws Exception {
    Path folder = data.resolve("data");
    try (DataLock lock = DataLock.acquire(folder)) {
      IOException refusal = assertThrows(IOException.class, () -> DataLock.acquire(folder));
      assertTrue(refusal.getMessage().contains("another sidecar"), refusal::getMessage);
      assertEquals(
          "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }
    DataLock.acquire(folder).close();
  }

  @Test
  void aShutdownIsToldLineByLineWithItsEnd() throws Exception {
    Status status =
        new Status(
            "2.0.0",
            Optional.empty(),
            "h",
            "connected",
            "valid",
            Optional.empty(),
            List.of(),
            List.of());
    List<String> told = new ArrayList<>();
    AtomicBoolean allStop = new AtomicBoolean(true);
    try (StatusSocket socket =
        StatusSocket.open(
            data,
            () -> status,
            progress -> {
              progress.accept("stopping a");
              progress.accept("stopped  a");
              return allStop.get();
            },
            LocalTest::nothing,
            NOTHING_DEFINED)) {
      assertTrue(StatusSocket.shutDown(data, told::add));
      assertEquals(List.of("stopping a", "stopped  a"), told);
      allStop.set(false);
      assertFalse(StatusSocket.shutDown(data, told::add));
    }
  }

  @Test
  void definitionsAreReadLineByLineWithTheirEnd() throws Exception {
    Status status =
        new Status(
            "2.0.0", Optional.empty(), "-", "none", "none", Optional.empty(), List.of(), List.of());
    List<String> told = new ArrayList<>();
    AtomicBoolean asDefined = new AtomicBoolean(true);
    Reload reload =
        progress -> {
          progress.accept("web: installed");
          return asDefined.get();
        };
    try (StatusSocket socket =
        StatusSocket.open(data, () -> status, _ -> true, LocalTest::nothing, reload)) {
      assertTrue(StatusSocket.reload(data, told::add));
      assertEquals(List.of("web: installed"), told);
      asDefined.set(false);
      assertFalse(StatusSocket.reload(data, told::add));
    }
  }

  @Test
  void anAgentIsToldByItsName() throws Exception {
    Status status =
        new Status(
            "2.0.0",
            Optional.empty(),
            "h",
            "connected",
            "valid",
            Optional.empty(),
            List.of(),
            List.of());
    String self = Files.getOwner(data).getName();
    List<String> told = new ArrayList<>();
    try (StatusSocket socket =
        StatusSocket.open(
            data,
            () -> status,
            _ -> true,
            (order, agent, user) ->
                new AgentOrders.Answer(
                    order != AgentOrders.Order.STOP, order + " " + agent + " " + user),
            NOTHING_DEFINED)) {
      String longest = "a".repeat(63);
      assertTrue(StatusSocket.order(data, AgentOrders.Order.RESTART, longest, told::add));
      assertFalse(StatusSocket.order(data, AgentOrders.Order.STOP, "a.b-c", told::add));
      assertEquals(
          List.of(longest + ": RESTART " + longest + " " + self, "a.b-c: STOP a.b-c " + self),
          told);
      assertThrows(
          IOException.class,
          () -> StatusSocket.order(data, AgentOrders.Order.START, "a b", told::add));
    }
  }

  private static AgentOrders.Answer nothing(AgentOrders.Order order, String agent, String user) {
    return new AgentOrders.Answer(false, "nothing");
  }

  @Test
  void nobodyHoldsTheSocketUp() throws Exception {
    Status status =
        new Status(
            "2.0.0",
            Optional.empty(),
            "h",
            "connected",
            "valid",
            Optional.empty(),
            List.of(),
            List.of());
    try (StatusSocket socket =
            StatusSocket.open(data, () -> status, _ -> true, LocalTest::nothing, NOTHING_DEFINED);
        SocketChannel silent = connect();
        SocketChannel talkative = connect()) {
      talkative.write(ByteBuffer.wrap("status ".repeat(100).getBytes(StandardCharsets.UTF_8)));
      assertEquals(status.text(), StatusSocket.ask(data));
      assertTrue(isClosed(talkative), "a long request gets no answer");
      assertTrue(silent.isConnected());
    }
  }

  private static boolean isClosed(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("sidecar.sock")));
  }

  @Test
  void theSocketTellsTheStatus() throws Exception {
    Status status =
        new Status(
            "2.0.0",
            Optional.of("version 2.0.0 since then"),
            "h",
            "connected",
            "expires tomorrow",
            Optional.of("damaged"),
            List.of("no cgroup"),
            List.of(
                new Status.Agent("filebeat", "backing-off", "none", "-", "exit 1"),
                new Status.Agent("x", "running", "healthy", "4711", "")));
    Files.createFile(data.resolve("sidecar.sock"));
    try (StatusSocket socket =
        StatusSocket.open(data, () -> status, _ -> true, LocalTest::nothing, NOTHING_DEFINED)) {
      assertEquals(status.text(), StatusSocket.ask(data));
      assertEquals(status.text(), StatusSocket.ask(data));
    }
    assertTrue(Files.notExists(data.resolve("sidecar.sock")));
    assertThrows(IOException.class, () -> StatusSocket.ask(data));
    assertEquals(
        """
        version  2.0.0
        trial    version 2.0.0 since then
        host     h
        server   connected
        identity expires tomorrow
        intake   STOPPED: damaged
        note     no cgroup

        AGENT     STATE        HEALTH   PID   CAUSE
        filebeat  backing-off  none     -     exit 1
        x         running      healthy  4711
        """,
        status.text());
  }
}
