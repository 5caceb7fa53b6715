package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReportCallsTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void anAnswerIsGivenOn() {
    assertEquals("yes", ReportCalls.await(CompletableFuture.completedFuture("yes"), LONG));
  }

  @Test
  void whatIsLateIsGivenUp() {
    CompletableFuture<String> late = new CompletableFuture<>();

    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> ReportCalls.await(late, Duration.ZERO));

    assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
    assertTrue(late.isCancelled(), "the server hears of it");
  }

  @Test
  void aRefusalKeepsItsStatusAndTrailers() {
    Metadata trailers = new Metadata();
    CompletableFuture<String> refused =
        CompletableFuture.failedFuture(
            Status.RESOURCE_EXHAUSTED.withDescription("busy").asRuntimeException(trailers));

    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> ReportCalls.await(refused, LONG));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, failure.getStatus().getCode());
    assertEquals("busy", failure.getStatus().getDescription());
    assertSame(trailers, failure.getTrailers());
  }

  @Test
  void whoIsInterruptedGivesUpAndStaysInterrupted() {
    CompletableFuture<String> unanswered = new CompletableFuture<>();
    Thread.currentThread().interrupt();

    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> ReportCalls.await(unanswered, LONG));

    assertTrue(Thread.interrupted());
    assertEquals(Status.Code.CANCELLED, failure.getStatus().getCode());
    assertTrue(unanswered.isCancelled());
  }
}
