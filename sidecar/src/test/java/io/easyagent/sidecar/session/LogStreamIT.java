package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.LogPart;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.journal.FakeJournal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar sends of an agent's output, to a server that takes it at its own pace. */
class LogStreamIT {
  private static final UUID HOST = new UUID(4, 2);
  private static final UUID STREAM = new UUID(5, 5);

  @TempDir Path data;
  private final FakeJournal journal = new FakeJournal();
  private volatile Optional<String> refusal = Optional.empty();
  private FakeServer server;
  private Link link;
  private Path log;

  @BeforeEach
  void connect() throws Exception {
    journal.append(state -> List.of(new JournalEntry.AgentKept(Samples.agent())));
    String name = Samples.agent().definition().name();
    log =
        Files.createDirectories(data.resolve("agents").resolve(name).resolve("logs"))
            .resolve(name + ".log");
    TestAuthority authority = new TestAuthority("fleet");
    server = new FakeServer(authority);
    var identity = authority.identity(HOST, FakeServer.FLEET);
    ServerLink servers =
        new ServerLink(
            Channels.USUAL,
            new CurrentIdentity(new IdentityFolder(data), identity, Clock.systemUTC()),
            ServerAddresses.open(data, identity.fleetId(), List.of(server.address())),
            new Metrics().facts("2.0.0"),
            Clock.systemUTC(),
            () -> 0.5,
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(50)),
            RenewalRule.USUAL);
    link =
        servers.sessions(
            journal,
            new FakeOperations(),
            new View(),
            TestLogs.of(journal, data, () -> refusal),
            new Wakeup());
    link.start();
    await("up", server::isUp);
  }

  @AfterEach
  void close() throws Exception {
    link.close();
    server.close();
  }

  private static final class View implements HostView {
    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return Samples.observed();
    }

    @Override
    public List<String> conditions() {
      return List.of();
    }

    @Override
    public Usage usage() {
      return new Usage(0.5, 1, 2, 3, 4, List.of(), List.of(), List.of());
    }
  }

  private static void await(String description, Callable<Boolean> condition) {
    Eventually.await(Duration.ofSeconds(10), description, condition);
  }

  private void ask(Consumer<ControlResponse.StreamLogOptions.Builder> more) {
    ControlResponse.Builder command =
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.STREAM_LOG)
            .setSessionEpoch(server.epoch.get());
    more.accept(
        command
            .getStreamLogOptionsBuilder()
            .setStreamId(Fields.bytes(STREAM))
            .setAgentId(Fields.bytes(Samples.AGENT.value())));
    server.send(command.build());
  }

  private void write(String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private String received() {
    return server.logParts.stream()
        .map(part -> part.getData().toStringUtf8())
        .collect(Collectors.joining());
  }

  @Test
  void aHostWhoseRulesForbidItSendsNothingAndSaysWhy() throws Exception {
    write("one\n");
    refusal = Optional.of("not here");
    server.letSend(100);
    ask(options -> options.setTail(10));
    await("the refusal", () -> !server.logParts.isEmpty());
    assertEquals("not here", server.logParts.getLast().getFailure());
    assertEquals("", received());
  }

  @Test
  void whoFollowsIsCutOffWhenTheRulesForbidIt() throws Exception {
    write("one\n");
    server.letSend(1_000);
    ask(options -> options.setTail(10).setFollow(true));
    await("the first line", () -> received().equals("one\n"));
    refusal = Optional.of("not here");
    await("the end", () -> !server.logParts.getLast().getFailure().isEmpty());
    write("two\n");
    assertEquals("one\n", received());
  }

  @Test
  void whatIsThereIsSentAndThenTheEnd() throws Exception {
    write("one\ntwo\nthree\n");
    server.letSend(100);

    ask(options -> options.setTail(2));

    await("the end", () -> server.logEnds.get() == 1);
    assertEquals("two\nthree\n", received());
    LogPart first = server.logParts.getFirst();
    assertEquals(Fields.bytes(STREAM), first.getStreamId());
    assertEquals(4, first.getOffset());
    assertEquals(Fields.bytes(HOST), first.getH().getId());
    assertEquals(server.epoch.get(), first.getH().getSessionEpoch());
    assertEquals(14, server.logParts.getLast().getNext());
    assertEquals(ByteString.EMPTY, server.logParts.getLast().getStreamId());
  }

  /** Nothing of this log has a time: everything may be that young. */
  @Test
  void whatMayHaveBeenWrittenSinceIsSent() throws Exception {
    write("one\ntwo\nthree\n");
    server.letSend(100);

    ask(options ->
        options.getSinceBuilder().setAge(Fields.duration(Duration.ofMinutes(1))).setTail(2));

    await("the end", () -> server.logEnds.get() == 1);
    assertEquals("two\nthree\n", received());
  }

  @Test
  void whatIsWrittenLaterIsSentToo() throws Exception {
    server.letSend(100);
    ask(options -> options.setTail(10).setFollow(true));
    await("the first part", () -> server.logParts.size() == 1);

    write("one\nunfin");
    await("a line", () -> received().equals("one\n"));
    await("what is unfinished, after a while", () -> received().equals("one\nunfin"));
    write("ished\n");
    await("the rest", () -> received().equals("one\nunfinished\n"));
    assertEquals(0, server.logEnds.get());
  }

  @Test
  void itIsReadNoFasterThanTheServerTakesIt() throws Exception {
    write("x".repeat(1023).concat("\n").repeat(20_000));
    server.letSend(1);
    ask(options -> options.setFrom(0));
    await("the first part", () -> server.logParts.size() == 1);

    server.letSend(2);
    await("two more", () -> server.logParts.size() == 3);
    assertTrue(received().length() <= 128 << 10);
    server.letSend(1_000);
    await("the end", () -> server.logEnds.get() == 1);
    assertEquals(20_000 * 1024, received().length());
  }

  @Test
  void anAgentThatIsNotHereIsSaidNotToBe() throws Exception {
    server.letSend(10);
    ask(options -> options.setTail(1).setAgentId(Fields.bytes(new UUID(9, 9))));

    await("the end", () -> server.logEnds.get() == 1);
    assertEquals("the agent is not on this host", server.logParts.getFirst().getFailure());
  }

  @Test
  void anAgentThatIsUninstalledEndsIt() throws Exception {
    server.letSend(10);
    ask(options -> options.setTail(1).setFollow(true));
    await("the first part", () -> server.logParts.size() == 1);

    journal.append(state -> List.of(new JournalEntry.AgentForgotten(Samples.AGENT)));

    await("the end", () -> server.logEnds.get() == 1);
    assertEquals("the agent was uninstalled", server.logParts.getLast().getFailure());
  }

  @Test
  void theSessionTakesItsStreamsWithIt() throws Exception {
    server.letSend(10);
    ask(options -> options.setTail(1).setFollow(true));
    await("the first part", () -> server.logParts.size() == 1);

    server.control.get().orElseThrow().onCompleted();

    await("the stream is cut", () -> server.logCuts.get() == 1);
  }

  @Test
  void anOrderOfAnotherSessionOrWithoutABeginIsNotFollowed() throws Exception {
    write("one\n");
    server.letSend(10);
    ask(options -> options.clearBegin());
    ask(options -> options.setTail(10_001));
    ask(options -> options.getSinceBuilder().setTail(1));
    server.send(
        ControlResponse.newBuilder()
            .setCmd(ControlCmd.STREAM_LOG)
            .setSessionEpoch(server.epoch.get() + 1)
            .build());
    ask(options -> options.setTail(1));

    await("the end", () -> server.logEnds.get() == 1);
    assertEquals(1, server.logCalls.get());
    assertFalse(server.logParts.isEmpty());
  }
}
