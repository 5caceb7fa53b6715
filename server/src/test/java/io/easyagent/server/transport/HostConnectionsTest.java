package io.easyagent.server.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.HostId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All connections of this test have the same ends, as a peer's may that takes a port again. */
class HostConnectionsTest {
  private static final HostId HOST = new HostId(new UUID(1, 2));

  private final HostConnections connections =
      new HostConnections(new HostConnectionLimits(3, 2, 1), () -> 0);

  private final EmbeddedChannel listening = new EmbeddedChannel(connections);

  /** Whether it was let in. */
  private boolean accept(EmbeddedChannel connection) {
    listening.writeInbound(connection);
    boolean admitted = listening.readInbound() == connection;
    assertEquals(admitted, connection.isOpen());
    return admitted;
  }

  private void identified(EmbeddedChannel connection) {
    connections.identified(connection.remoteAddress(), connection.localAddress(), HOST);
    connection.runPendingTasks();
  }

  @Test
  void aPlaceIsFreeOnceItsConnectionIsClosed() {
    EmbeddedChannel first = new EmbeddedChannel();
    EmbeddedChannel second = new EmbeddedChannel();
    assertTrue(accept(first));
    assertTrue(accept(second));
    assertFalse(accept(new EmbeddedChannel()));

    first.close();
    second.close();

    assertTrue(accept(new EmbeddedChannel()));
    assertTrue(accept(new EmbeddedChannel()));
    assertFalse(accept(new EmbeddedChannel()));
    assertEquals(2, connections.refused());
  }

  @Test
  void aHostIsNoStrangerAndHasItsOwnLimit() {
    EmbeddedChannel first = new EmbeddedChannel();
    assertTrue(accept(first));
    identified(first);
    EmbeddedChannel second = new EmbeddedChannel();
    assertTrue(accept(second));
    assertTrue(accept(new EmbeddedChannel()), "the first takes no stranger's place");
    assertTrue(first.isOpen());

    EmbeddedChannel known = new EmbeddedChannel();
    second.close();
    assertTrue(accept(known));
    identified(known);

    assertFalse(known.isOpen(), "the host has one already");
    assertTrue(first.isOpen());
    assertEquals(1, connections.refused());
    first.close();
    EmbeddedChannel next = new EmbeddedChannel();
    assertTrue(accept(next));
    identified(next);
    assertTrue(next.isOpen());
  }
}
