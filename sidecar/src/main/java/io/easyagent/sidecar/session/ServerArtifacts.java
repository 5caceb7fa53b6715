package io.easyagent.sidecar.session;

import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.wire.Fields;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Iterator;

/** Archives from the server that the host has a session with, over a connection of their own. */
final class ServerArtifacts implements Artifacts {
  private final Channels channels;
  private final CurrentIdentity identity;
  private final String version;
  private final Headers headers;
  private final CurrentSession current;

  ServerArtifacts(
      Channels channels,
      CurrentIdentity identity,
      String version,
      Headers headers,
      CurrentSession current) {
    this.channels = channels;
    this.identity = identity;
    this.version = version;
    this.headers = headers;
    this.current = current;
  }

  @Override
  public void fetch(PackageReference reference, long offset, OutputStream target)
      throws IOException {
    CurrentSession.Live session =
        current.find().orElseThrow(() -> new IOException("no session with a server"));
    ManagedChannel channel = open(session.address());
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

  private ManagedChannel open(ServerAddress address) throws IOException {
    try {
      return channels.open(address, identity.tls(), version);
    } catch (GeneralSecurityException broken) {
      throw new IOException("this host's identity cannot be used: " + broken.getMessage(), broken);
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
