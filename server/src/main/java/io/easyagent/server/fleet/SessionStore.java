package io.easyagent.server.fleet;

import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Sessions of hosts as they are stored. What changes a session names its epoch and says whether
 * that is still the host's. Epochs count from 1; a host that never opened a session has none, and 0
 * is nobody's.
 */
public interface SessionStore {
  Optional<SessionRow> find(Transaction transaction, HostId host);

  /** Raises the epoch from the expected one; the session has no inventory yet. */
  boolean open(
      Transaction transaction, HostId host, long expectedEpoch, NewSession session, Instant now);

  /** Whether the epoch is the host's, and the host not conflicted. */
  boolean isCurrent(Transaction transaction, HostId host, long epoch);

  /**
   * Which of the hosts take commands: the given epoch {@linkplain #isCurrent is current}, its
   * inventory stored and its stream open.
   */
  Set<HostId> takingCommands(Transaction transaction, Map<HostId, Long> epochs);

  boolean putInventory(Transaction transaction, HostId host, long epoch, List<String> conditions);

  /**
   * What the host says of itself outside of a session, until the next inventory. Nothing of a
   * conflicted host changes: there the conditions say who claims to be it.
   *
   * @return whether the conditions are other ones than before
   */
  boolean putConditions(Transaction transaction, HostId host, List<String> conditions, Instant now);

  /** The stream of the session opened; only with its inventory stored. */
  boolean online(Transaction transaction, HostId host, long epoch, Instant now);

  /** The stream of the session ended. */
  boolean offline(Transaction transaction, HostId host, long epoch, Instant now);

  /** No stream is open: for a server that starts. */
  void allOffline(Transaction transaction, Instant now);

  void conflicted(Transaction transaction, HostId host, List<String> sides, Instant now);

  /** {@link #isCurrent}, and how far the outbox is committed: every report asks for both. */
  Intake intake(Transaction transaction, HostId host, long epoch, String incarnation);

  /** The latest 16 incarnations of a host are kept. */
  void putCommitted(
      Transaction transaction, HostId host, String incarnation, long number, Instant now);

  /**
   * Where a host's outbox stands.
   *
   * @param current whether the epoch is the host's, and the host not conflicted
   * @param committed the highest committed number; empty for an incarnation that is not known
   */
  record Intake(boolean current, OptionalLong committed) {}

  /**
   * A session as it opens.
   *
   * @param nonce handed out with it
   * @param presented what opened it; stays valid until the session has an inventory
   * @param generation of the store that handed out the nonce
   */
  record NewSession(
      long epoch,
      String nonce,
      Optional<String> presented,
      String generation,
      Life life,
      String sidecarVersion,
      Set<String> capabilities,
      Map<String, String> facts) {}

  /**
   * Whose session it is.
   *
   * @param instance names one life of the sidecar's process; empty where it does not say
   * @param hostName what the machine calls itself
   * @param address where the server sees it
   */
  record Life(String machineId, String bootId, String instance, String hostName, String address) {}

  /**
   * The host's last session.
   *
   * @param nonce what it handed out; empty before the first
   * @param presented what opened it
   * @param generation of the store that handed out the nonce; empty before the first session
   * @param forkedEpoch sessions up to it belonged to a copy that did not go on as the host
   */
  record SessionRow(
      String hostName,
      HostStatus status,
      long epoch,
      long inventoryEpoch,
      Optional<String> nonce,
      Optional<String> presented,
      String generation,
      Life life,
      long forkedEpoch,
      Optional<Instant> lastSeen,
      Map<String, String> labels) {}
}
