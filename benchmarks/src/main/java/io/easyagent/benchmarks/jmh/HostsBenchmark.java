package io.easyagent.benchmarks.jmh;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostQuery;
import io.easyagent.server.fleet.Selector;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Hosts found by their labels, in a store with five agents on each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HostsBenchmark {
  private static final int AGENTS = 5;
  private static final int ROLES = 4;
  private static final int ZONES = 3;
  private static final int AT_ONCE = 500;
  private static final int A_PAGE = 100;
  private static final String SELECTOR = "role=role-1,zone!=zone-2,fact.os notin (windows)";
  private static final HostQuery QUERY =
      new HostQuery(Optional.of(SelectorParser.parse(SELECTOR)), Optional.empty());

  @Param("10000")
  private int hosts;

  private final SqlHosts hostStore = new SqlHosts();
  private final SqlAgents agentStore = new SqlAgents();
  private final ScratchFolder folder = ScratchFolder.make();
  private final Database database = Database.open(folder.path().resolve("server.db"));

  @Setup
  public void fill() {
    for (int first = 0; first < hosts; first += AT_ONCE) {
      int begin = first;
      database
          .writer()
          .run(transaction -> {
            for (int number = begin; number < Math.min(hosts, begin + AT_ONCE); number++) {
              add(transaction, number);
            }
          });
    }
  }

  private void add(Transaction transaction, int number) {
    HostId host = new HostId(UUID.randomUUID());
    Map<String, String> labels =
        Map.of("role", "role-" + number % ROLES, "zone", "zone-" + number % ZONES, "fleet", "jmh");
    hostStore.insert(
        transaction, host, "host-" + number, "m" + number, labels, Instant.ofEpochSecond(number));
    for (int agent = 0; agent < AGENTS; agent++) {
      agentStore.insert(
          transaction,
          new AgentId(UUID.randomUUID()),
          host,
          new DefinitionText("agent-" + agent, AgentType.SERVICE, Optional.empty(), "{}"),
          1,
          DesiredState.RUNNING);
    }
  }

  @TearDown
  public void close() {
    database.close();
    folder.close();
  }

  /** As for one request for a page. */
  @Benchmark
  public Page<Host> pageOf100ByLabel() {
    return database.read(
        transaction -> hostStore.page(transaction, QUERY, PageRequest.first(A_PAGE)));
  }

  /** As for a command to all that match. */
  @Benchmark
  public List<HostId> selectAllByLabel() {
    return database.read(transaction -> hostStore.select(transaction, QUERY));
  }

  @Benchmark
  public Selector parseSelector() {
    return SelectorParser.parse(SELECTOR);
  }
}
