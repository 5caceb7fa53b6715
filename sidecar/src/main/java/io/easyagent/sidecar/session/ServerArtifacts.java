package io.easyagent.sidecar.session;

import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.wire.Fields;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Iterator;
import javax.net.ssl.SSLSocketFactory;

/** Archives from the server that the host has a session with, over a connection of their own. */
final class ServerArtifacts implements Artifacts {
  private final SSLSocketFactory tls;
  private final String version;
  private final Headers headers;
  private final CurrentSession current;

  ServerArtifacts(SSLSocketFactory tls, String version, Headers headers, CurrentSession current) {
    this.tls = tls;
    this.version = version;
    this.headers = headers;
    this.current = current;
  }

  @Override
  public void fetch(PackageReference reference, long offset, OutputStream target)
      throws IOException {
    CurrentSession.Live session =
        current.find().orElseThrow(() -> new IOException("no session with a server"));
    ManagedChannel channel = Channels.open(session.address(), tls, version);
    try {
      Iterator<ArtifactChunk> chunks =
          EasyAgentServiceGrpc.newBlockingStub(channel)
              .downloadArtifact(
                  ArtifactRequest.newBuilder()
                      .setH(headers.of(session.epoch()))
                      .setSha256(Fields.bytes(reference.sha256()))
                      .setOffset(offset)
                      .build());
      copy(reference, offset, chunks, target);
    } catch (StatusRuntimeException failure) {
      if (Thread.currentThread().isInterrupted()) {
        InterruptedIOException interrupted = new InterruptedIOException(reference.toString());
        interrupted.initCause(failure);
        throw interrupted;
      }
      throw new IOException(reference + ": " + failure.getStatus(), failure);
    } finally {
      channel.shutdownNow();
    }
  }

  private static void copy(
      PackageReference reference, long offset, Iterator<ArtifactChunk> chunks, OutputStream target)
      throws IOException {
    long position = offset;
    while (chunks.hasNext()) {
      ArtifactChunk chunk = chunks.next();
      if (chunk.getTotalSize() != reference.size()) {
        throw new IOException(
            reference + ": size " + chunk.getTotalSize() + " (expected: " + reference.size() + ")");
      }
      if (chunk.getOffset() != position) {
        throw new IOException(
            reference + ": offset " + chunk.getOffset() + " (expected: " + position + ")");
      }
      if (chunk.getData().size() > reference.size() - position) {
        throw new IOException(reference + ": more than " + reference.size() + " bytes");
      }
      chunk.getData().writeTo(target);
      position += chunk.getData().size();
    }
    if (position != reference.size()) {
      throw new IOException(
          reference + ": ended at " + position + " (expected: " + reference.size() + ")");
    }
  }
}
