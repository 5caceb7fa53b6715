package io.easyagent.cli.remote;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * Holds each machine's key against the file in which {@code ssh} keeps them. A key that differs is
 * refused in any case.
 */
final class KnownHosts extends KnownHostsServerKeyVerifier {
  private static final AttributeKey<RefusedHost> REFUSAL = new AttributeKey<>();

  private final Path file;

  /**
   * @param acceptNew a machine that is not in the file is trusted this once, and written there
   */
  KnownHosts(Path file, boolean acceptNew) {
    super((session, address, key) -> acceptNew || refuse(session, unknown(key, file)), file);
    this.file = file;
  }

  /** Why the session's machine was refused, where its key is the reason. */
  static Optional<RefusedHost> refusal(ClientSession session) {
    return Optional.ofNullable(session.getAttribute(REFUSAL));
  }

  @Override
  public boolean acceptModifiedServerKey(
      ClientSession session,
      SocketAddress remoteAddress,
      KnownHostEntry entry,
      PublicKey expected,
      PublicKey actual)
      throws Exception {
    return refuse(
        session,
        new RefusedHost(
            "its host key is another than the known one: somebody may be in between. It has "
                + fingerprint(actual)
                + ", "
                + file
                + " has "
                + fingerprint(expected),
            "if the machine was set up anew, compare the fingerprint on its console, then: ssh-keygen"
                + " -f "
                + file
                + " -R HOST"));
  }

  private static RefusedHost unknown(PublicKey key, Path file) {
    return new RefusedHost(
        "its host key is not known: " + fingerprint(key) + " is not in " + file,
        "compare the fingerprint on the machine's console, then log in once with ssh, or add"
            + " --accept-new-host-keys");
  }

  private static boolean refuse(ClientSession session, RefusedHost refusal) {
    session.setAttribute(REFUSAL, refusal);
    return false;
  }

  private static String fingerprint(PublicKey key) {
    return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
  }
}
