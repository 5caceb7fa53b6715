package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.EOFException;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
  @Test
  void aConnectionThatIsCutInItsHandshakeReachesNobody() {
    assertTrue(Reachability.isUnreached(Status.UNAVAILABLE));
    assertTrue(Reachability.isUnreached(Status.UNKNOWN.withCause(new EOFException("cut"))));
  }

  @Test
  void whatAServerSaysHasReachedIt() {
    assertFalse(Reachability.isUnreached(Status.UNKNOWN));
    assertFalse(Reachability.isUnreached(Status.PERMISSION_DENIED));
    assertFalse(Reachability.isUnreached(Status.INTERNAL));
  }
}
