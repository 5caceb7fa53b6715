package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.transport.Admission;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A storm of hosts: the test holds the one place that there is. */
class AdmissionIT {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final Admissions admissions =
      new Admissions(
          new Admission(1, 10, System::nanoTime),
          new Admission(1, 10, System::nanoTime),
          new Admission(3, 10, System::nanoTime));
  @TempDir private Path folder;
  private CoreServer server;

  @BeforeEach
  void start() {
    server =
        new CoreServer(folder, 0, sha256 -> Optional.empty(), InstantSource.system(), admissions);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void assertSentAway(Executable call) {
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, call);
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refusal.getStatus().getCode());
    Metadata trailers = Objects.requireNonNull(refusal.getTrailers());
    long after = Long.parseLong(Objects.requireNonNull(trailers.get(PUSHBACK)));
    assertTrue(after >= 1_000 && after <= 10_000, "told to wait " + after + " ms");
  }

  @Test
  void aHostBeyondThePlacesIsToldWhenToComeBack() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      assertEquals(Optional.empty(), admissions.sessions().enter(1));
      assertSentAway(host::connect);
      assertSentAway(host::connect);
      admissions.sessions().leave(1);
      host.connect();
      host.connect();
    }
  }

  @Test
  void anEnrolmentBeyondThePlacesUsesNothingOfTheToken() throws Exception {
    String token = server.token(1);
    assertEquals(Optional.empty(), admissions.enrolments().enter(1));
    assertSentAway(() -> FakeHost.enrol(server.port(), token, "web-1"));
    admissions.enrolments().leave(1);
    FakeHost.enrol(server.port(), token, "web-1").close();
    assertEquals(1, server.hosts.all().size());
  }

  @Test
  void eventsBeyondThePlacesStayWithTheHostAndItsSessionLivesOn() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = server.exec(host, Duration.ofMinutes(5));
      ControlResponse command = commands.next();
      Event started = host.started(command);
      Event result = host.result(command, Outcome.SUCCEEDED, "fine");
      assertEquals(Optional.empty(), admissions.events().enter(2));
      assertSentAway(() -> host.report(started, result));
      assertEquals(OperationState.SENT, server.operation(batch).state());
      admissions.events().leave(2);
      host.rewind(2);
      host.report(started, result);
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
    }
  }
}
