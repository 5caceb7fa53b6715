package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.server.artifact.Archives.Archive;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.store.Writer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages over the wire. */
class ArtifactDownloadIT {
  private static final String SHA256 = "ab".repeat(32);

  @TempDir private Path folder;
  private final byte[] bytes = new byte[(8 << 20) + 12_345];
  private CoreServer server;
  private FakeHost host;

  @BeforeEach
  void start() throws Exception {
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("archive"), bytes);
    server =
        new CoreServer(
            folder.resolve("data"),
            0,
            sha256 ->
                sha256.equals(SHA256)
                    ? Optional.of(new Archive(bytes.length, file))
                    : Optional.empty());
    host = server.enrol("web-1");
  }

  @AfterEach
  void stop() {
    host.close();
    server.close();
  }

  @Test
  void aRemovedHostsDownloadThatHasBegunEndsWithinASecond() throws Exception {
    Iterator<ArtifactChunk> chunks = download(SHA256, 0);
    long got = chunks.next().getData().size();

    assertTrue(server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING));

    long removed = System.nanoTime();
    StatusRuntimeException end = null;
    while (end == null) {
      try {
        got += chunks.next().getData().size();
      } catch (StatusRuntimeException ended) {
        end = ended;
      }
    }
    assertEquals(Status.Code.PERMISSION_DENIED, end.getStatus().getCode());
    assertTrue(got < bytes.length, "all " + got + " bytes came");
    assertTrue(System.nanoTime() - removed < 1_000_000_000L);
  }

  private Iterator<ArtifactChunk> download(String sha256, long offset) {
    return host.stub()
        .downloadArtifact(
            ArtifactRequest.newBuilder()
                .setH(host.header())
                .setSha256(WireIds.bytes(sha256))
                .setOffset(offset)
                .build());
  }

  private byte[] read(Iterator<ArtifactChunk> chunks, long offset) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (chunks.hasNext()) {
      ArtifactChunk chunk = chunks.next();
      assertEquals(offset + read.size(), chunk.getOffset());
      assertEquals(bytes.length, chunk.getTotalSize());
      read.writeBytes(chunk.getData().toByteArray());
    }
    return read.toByteArray();
  }

  private static Status refused(Iterator<ArtifactChunk> chunks) {
    return assertThrows(StatusRuntimeException.class, chunks::hasNext).getStatus();
  }

  @Test
  void anArchiveComesWholeAndFromAnyOffset() {
    for (long offset : new long[] {0, 1, 64 * 1024, 5_000_001, bytes.length - 1, bytes.length}) {
      assertArrayEquals(
          Arrays.copyOfRange(bytes, (int) offset, bytes.length),
          read(download(SHA256, offset), offset),
          "offset " + offset);
    }
  }

  @Test
  void anOffsetBeyondTheEndIsRefused() {
    for (long offset : new long[] {bytes.length + 1L, Long.MAX_VALUE, -1}) {
      Status status = refused(download(SHA256, offset));

      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
      assertEquals(
          "bad-request: offset: %d (expected: 0 to %d)".formatted(offset, bytes.length),
          status.getDescription());
    }
  }

  @Test
  void anUnknownDigestIsNotFound() {
    assertEquals(Status.Code.NOT_FOUND, refused(download("cd".repeat(32), 0)).getCode());
    assertEquals(Status.Code.NOT_FOUND, refused(download("", 0)).getCode());
    assertEquals(Status.Code.INVALID_ARGUMENT, refused(download("cd".repeat(33), 0)).getCode());
  }

  /** A download that stands still holds up neither commands nor other downloads, and goes on. */
  @Test
  void aSlowHostHoldsUpNothing() throws Exception {
    FakeHost.Commands commands = host.connect();
    Iterator<ArtifactChunk> slow = download(SHA256, 0);
    ByteString first = slow.next().getData();

    BatchId batch = server.exec(host, Duration.ofMinutes(5));
    commands.next();
    assertEquals(OperationState.SENT, server.operation(batch).state());
    try (FakeHost other = server.enrol("web-2")) {
      Iterator<ArtifactChunk> fast =
          other
              .stub()
              .downloadArtifact(
                  ArtifactRequest.newBuilder()
                      .setH(other.header())
                      .setSha256(WireIds.bytes(SHA256))
                      .build());
      assertArrayEquals(bytes, read(fast, 0));
    }

    byte[] rest = read(slow, first.size());
    assertArrayEquals(Arrays.copyOfRange(bytes, first.size(), bytes.length), rest);
    assertTrue(rest.length > 0);
  }
}
