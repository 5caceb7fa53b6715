package io.easyagent.sidecar.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.Secret;
import io.easyagent.protocol.SecretsRequest;
import io.easyagent.protocol.SecretsResponse;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.secret.HeldSecret;
import io.easyagent.sidecar.secret.SecretValue;
import io.easyagent.sidecar.wire.Fields;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Secrets from the server that the host has a session with, over a connection of their own. */
final class ServerSecrets implements SecretSource {
  private static final long CALL_SECONDS = 30;
  private static final int MOST_CHARACTERS = 64 << 10;

  private final Channels channels;
  private final CurrentIdentity identity;
  private final String version;
  private final Headers headers;
  private final CurrentSession current;

  ServerSecrets(
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
  public List<HeldSecret> read(AgentId agent, Set<String> names)
      throws PrepareException, IOException {
    CurrentSession.Live session =
        current.find().orElseThrow(() -> new IOException("no session with a server"));
    ManagedChannel channel = open(session.address());
    try {
      return checked(
          EasyAgentServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(CALL_SECONDS, SECONDS)
              .readSecrets(
                  SecretsRequest.newBuilder()
                      .setH(headers.of(session.epoch()))
                      .setAgentId(Fields.bytes(agent.value()))
                      .addAllNames(names)
                      .build()),
          names);
    } catch (StatusRuntimeException failure) {
      if (Thread.currentThread().isInterrupted()) {
        InterruptedIOException interrupted = new InterruptedIOException("secrets");
        interrupted.initCause(failure);
        throw interrupted;
      }
      if (isRefusal(failure.getStatus())) {
        throw new PrepareException("secrets: " + failure.getStatus().getDescription(), failure);
      }
      throw new IOException("secrets: " + failure.getStatus(), failure);
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel open(ServerAddress address) throws IOException {
    try {
      return channels.open(address, identity.tls(), version);
    } catch (GeneralSecurityException unusable) {
      throw new IOException("the host's certificate: " + unusable.getMessage(), unusable);
    }
  }

  /** What another try would not change. */
  private static boolean isRefusal(Status status) {
    return switch (status.getCode()) {
      case PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED -> true;
      default -> false;
    };
  }

  private static List<HeldSecret> checked(SecretsResponse response, Set<String> names)
      throws PrepareException {
    List<HeldSecret> secrets = new ArrayList<>();
    Set<String> missing = new TreeSet<>(names);
    for (Secret secret : response.getSecretsList()) {
      if (!missing.remove(secret.getName())) {
        throw new PrepareException("secrets: the server sent one that was not asked for");
      }
      String value = secret.getValue();
      if (value.isEmpty() || value.length() > MOST_CHARACTERS || value.indexOf('\0') >= 0) {
        throw new PrepareException(
            "secrets: "
                + secret.getName()
                + " (expected: 1 to "
                + MOST_CHARACTERS
                + " characters without NUL)");
      }
      secrets.add(new HeldSecret(secret.getName(), secret.getVersion(), new SecretValue(value)));
    }
    if (!missing.isEmpty()) {
      throw new PrepareException("secrets: the server did not send " + missing);
    }
    return secrets;
  }
}
