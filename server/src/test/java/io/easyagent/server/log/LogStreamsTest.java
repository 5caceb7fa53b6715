package io.easyagent.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogStream.Next;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogStreamsTest {
  private static final AgentId AGENT = new AgentId(new UUID(1, 1));
  private static final HostId WEB = new HostId(new UUID(2, 1));
  private static final HostId DATABASE = new HostId(new UUID(2, 2));

  private final Map<HostId, LogHost> sessions = new HashMap<>();
  private final LogStreams streams =
      new LogStreams(6, host -> Optional.ofNullable(sessions.get(host)));
  private final Session web = new Session(WEB, 3);
  private final Session database = new Session(DATABASE, 5);

  record Session(HostId host, long epoch, List<LogOrder> orders) implements LogHost {
    Session(HostId host, long epoch) {
      this(host, epoch, new ArrayList<>());
    }

    @Override
    public void streamLog(LogOrder order) {
      orders.add(order);
    }
  }

  LogStreamsTest() {
    sessions.put(WEB, web);
    sessions.put(DATABASE, database);
  }

  private LogStream open(HostId host) {
    return streams.open(host, "web-1", AGENT, LogBegin.Tail.USUAL, true);
  }

  private Refusal refusal(HostId host) {
    return assertThrows(RefusedException.class, () -> open(host)).refusal();
  }

  @Test
  void onlyTheSessionThatWasAskedFindsTheStream() {
    LogStream stream = open(WEB);
    UUID id = web.orders().getFirst().stream();

    assertEquals(Optional.of(stream), streams.find(id, WEB, 3));
    assertEquals(Optional.empty(), streams.find(id, DATABASE, 5));
    assertEquals(Optional.empty(), streams.find(id, WEB, 4));
    assertEquals(Optional.empty(), streams.find(UUID.randomUUID(), WEB, 3));
    stream.close();
    assertEquals(Optional.empty(), streams.find(id, WEB, 3));
    assertEquals(0, streams.count());
  }

  @Test
  void aHostThatIsNotOnlineIsNotAsked() {
    sessions.remove(WEB);

    assertEquals(ErrorCode.UNAVAILABLE, refusal(WEB).code());
    assertEquals(0, streams.count());
  }

  @Test
  void theStreamsOfAHostAndOfAllHostsAreBounded() {
    for (int i = 0; i < LogStreams.MOST_OF_A_HOST; i++) {
      open(WEB);
    }
    assertEquals(
        new Refusal(
            ErrorCode.TOO_MANY_REQUESTS,
            "4 logs of host web-1 are being read (expected: fewer than 4; end some)"),
        refusal(WEB));
    open(DATABASE);
    LogStream last = open(DATABASE);

    assertTrue(refusal(DATABASE).message().startsWith("6 logs are being read (expected: fewer"));
    assertEquals(LogStreams.MOST_OF_A_HOST, web.orders().size());
    last.close();
    open(DATABASE);
  }

  @Test
  void aSessionTakesItsStreamsWithIt() throws Exception {
    LogStream stream = open(WEB);
    LogStream other = open(DATABASE);
    FakeSender sender = new FakeSender();
    stream.begin(sender);

    streams.ended(web);

    assertEquals(List.of("the host's session has ended"), sender.stops);
    assertEquals(
        new Next.Over(new LogEnd.Broken("the host's session has ended")),
        stream.next(Duration.ZERO));
    assertEquals(new Next.Nothing(), other.next(Duration.ZERO));
  }

  @Test
  void aLaterSessionOfTheHostKeepsItsStreams() throws Exception {
    Session later = new Session(WEB, 4);
    sessions.put(WEB, later);
    LogStream stream = open(WEB);

    streams.ended(web);

    assertEquals(new Next.Nothing(), stream.next(Duration.ZERO));
  }

  /** It may have ended before anybody knew of the stream. */
  @Test
  void aSessionThatEndsWhileItIsAskedIsNoticed() throws Exception {
    sessions.put(
        WEB,
        new LogHost() {
          @Override
          public HostId host() {
            return WEB;
          }

          @Override
          public long epoch() {
            return 9;
          }

          @Override
          public void streamLog(LogOrder order) {
            sessions.remove(WEB);
          }
        });

    assertEquals(
        new Next.Over(new LogEnd.Broken("the host's session has ended")),
        open(WEB).next(Duration.ZERO));
  }

  @Test
  void aServerThatStopsEndsAllAndBeginsNone() throws Exception {
    LogStream stream = open(WEB);
    streams.close();

    assertEquals(
        new Next.Over(new LogEnd.Broken("the server is stopping")), stream.next(Duration.ZERO));
    assertEquals(ErrorCode.UNAVAILABLE, refusal(DATABASE).code());
  }
}
