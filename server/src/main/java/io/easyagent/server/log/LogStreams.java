package io.easyagent.server.log;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The streams of output that are open at this server. Each was asked of one session of one host,
 * has a name that only that host was told, and ends with the session. Thread-safe; nothing here
 * waits.
 */
public final class LogStreams implements AutoCloseable {
  /** Of one host: each is a connection of its, beside those of its session and its downloads. */
  public static final int MOST_OF_A_HOST = 4;

  private final int most;
  private final Function<HostId, Optional<LogHost>> sessions;
  private final Map<UUID, Entry> open = new HashMap<>();
  private boolean closed;

  private record Entry(LogHost session, LogStream stream) {}

  /**
   * @param most that are open at a time
   * @param sessions those that are open
   */
  public LogStreams(int most, Function<HostId, Optional<LogHost>> sessions) {
    this.most = most;
    this.sessions = sessions;
  }

  /**
   * Asks the host for an agent's output. The caller closes the stream.
   *
   * @param hostName for messages
   * @throws RefusedException UNAVAILABLE when the host is offline or the server is stopping,
   *     TOO_MANY_REQUESTS
   */
  public LogStream open(
      HostId host, String hostName, AgentId agent, LogBegin begin, boolean follow) {
    LogHost session =
        sessions
            .apply(host)
            .orElseThrow(() ->
                new RefusedException(
                    ErrorCode.UNAVAILABLE,
                    "host " + hostName + " is not online (expected: an online one)"));
    // Version 4: 122 bits from the machine's secure random.
    UUID id = UUID.randomUUID();
    LogStream stream = new LogStream(() -> forget(id));
    add(id, new Entry(session, stream), hostName);
    session.streamLog(new LogOrder(id, agent, begin, follow));
    if (!sessions.apply(host).equals(Optional.of(session))) {
      ended(session);
    }
    return stream;
  }

  private synchronized void add(UUID id, Entry entry, String hostName) {
    if (closed) {
      throw new RefusedException(ErrorCode.UNAVAILABLE, "the server is stopping");
    }
    if (open.size() >= most) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d logs are being read (expected: fewer than %d, maxLogStreams of the server's server.yaml; end some)"
              .formatted(open.size(), most));
    }
    HostId host = entry.session().host();
    long ofHost = open.values().stream().filter(each -> each.session().host().equals(host)).count();
    if (ofHost >= MOST_OF_A_HOST) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d logs of host %s are being read (expected: fewer than %d; end some)"
              .formatted(ofHost, hostName, MOST_OF_A_HOST));
    }
    open.put(id, entry);
  }

  private synchronized void forget(UUID id) {
    open.remove(id);
  }

  /** The stream that a host was asked for; empty for any other host or session. */
  public synchronized Optional<LogStream> find(UUID id, HostId host, long epoch) {
    return Optional.ofNullable(open.get(id))
        .filter(entry -> entry.session().host().equals(host) && entry.session().epoch() == epoch)
        .map(Entry::stream);
  }

  /** A session is over, and all streams that were asked of it are. */
  public void ended(LogHost session) {
    of(session).forEach(stream -> stream.stop(new LogEnd.Broken("the host's session has ended")));
  }

  private synchronized List<LogStream> of(LogHost session) {
    return open.values().stream()
        .filter(entry ->
            entry.session().host().equals(session.host())
                && entry.session().epoch() == session.epoch())
        .map(Entry::stream)
        .toList();
  }

  public synchronized int count() {
    return open.size();
  }

  /** Ends every stream, and opens none any more. */
  @Override
  public void close() {
    List<LogStream> left;
    synchronized (this) {
      closed = true;
      left = open.values().stream().map(Entry::stream).toList();
    }
    left.forEach(stream -> stream.stop(new LogEnd.Broken("the server is stopping")));
  }
}
