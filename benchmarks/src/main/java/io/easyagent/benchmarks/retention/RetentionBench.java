package io.easyagent.benchmarks.retention;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.OldAuditEntries;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.EndedBatches;
import io.easyagent.server.operation.OldOutputs;
import io.easyagent.server.operation.UnusedDocuments;
import io.easyagent.server.operation.store.SqlRetention;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Retention;
import io.easyagent.server.store.Database;
import io.easyagent.server.telemetry.EventQuery;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.OldEvents;
import io.easyagent.server.telemetry.store.SqlEvents;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A year of a fleet against the server's real stores, and what the file is after each month. Exit
 * status 0 when it stays bounded, 1 when it does not, 2 for wrong usage.
 */
public final class RetentionBench implements AutoCloseable {
  private static final String USAGE =
      """
      usage: ./dev bench retention [--days N] [--hosts N] [--scale N] [--no-retention]

        --days N        days that pass (default 365)
        --hosts N       hosts of the fleet (default 10000)
        --scale N       the fleet and all limits are so many times smaller (default 100)
        --no-retention  nothing is forgotten, to see what that would be
      """;

  private static final int HOURS = 24;
  private static final int DAYS_A_MONTH = 30;
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final int MEBI = 1 << 20;

  private final PrintStream out;
  private final Load load;
  private final Path file;
  private final FastClock clock = new FastClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Database database;
  private final SqlAudit auditStore = new SqlAudit();
  private final SqlEvents eventStore = new SqlEvents();
  private final SqlRetention past = new SqlRetention();
  private final Audit audit;
  private final StoredFleet fleet;
  private final Map<String, Long> forgotten = new TreeMap<>();

  private RetentionBench(PrintStream out, Load load, Path folder) {
    this.out = out;
    this.load = load;
    this.file = folder.resolve("server.db");
    this.database = Database.open(file);
    this.audit = new Audit(auditStore, database, database.writer(), clock);
    this.fleet =
        new StoredFleet(
            load,
            database.writer(),
            audit,
            new History(eventStore, database),
            clock,
            new IdMint(clock, new SecureRandom()));
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Integer> numbers =
        new TreeMap<>(Map.of("--days", 365, "--hosts", 10_000, "--scale", 100));
    boolean keepsAll = false;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--no-retention")) {
        keepsAll = true;
      } else if (numbers.containsKey(arguments[i])
          && i + 1 < arguments.length
          && arguments[i + 1].matches("[1-9][0-9]{0,6}")) {
        numbers.put(arguments[i], Integer.parseInt(arguments[++i]));
      } else {
        System.err.println("bench retention: " + arguments[i]);
        System.err.print(USAGE);
        System.exit(2);
      }
    }
    int days = numbers.getOrDefault("--days", 0);
    int scale = numbers.getOrDefault("--scale", 1);
    Load load = Load.of(numbers.getOrDefault("--hosts", 0), scale);
    Path folder = Files.createTempDirectory("easyagent-retention");
    boolean bounded;
    try (RetentionBench bench = new RetentionBench(System.out, load, folder)) {
      bounded = bench.run(days, keepsAll);
    } finally {
      remove(folder);
    }
    System.exit(bounded ? 0 : 1);
  }

  private boolean run(int days, boolean keepsAll) throws Exception {
    print("%,d hosts, scale 1:%d, %,d days", load.hosts(), load.scale(), days);
    print(
        "each day: %,d operations, %,d events, %,d audit entries, %,d new definitions",
        load.hosts() * HOURS + load.singles(), load.events(), load.acts(), load.definitions());
    print(
        "%5s %10s %8s %11s %12s %10s %9s",
        "day", "file MiB", "wal MiB", "operations", "outputs MiB", "events", "audit");
    int every = days >= 2 * DAYS_A_MONTH ? DAYS_A_MONTH : 1;
    long half = 0;
    long begun = System.nanoTime();
    fleet.enrol();
    for (int day = 1; day <= days; day++) {
      day(day, keepsAll);
      if (day % every == 0 || day == days) {
        look(day);
      }
      if (day == (days + 1) / 2) {
        half = Files.size(file);
      }
    }
    long size = Files.size(file);
    boolean bounded = size <= half + half / 10;
    print("took %,d s; forgotten: %s", seconds(begun), forgotten);
    print(
        "%s: %,d MiB at half time, %,d MiB at the end; audit log %s",
        bounded ? "bounded" : "GROWS",
        half / MEBI,
        size / MEBI,
        audit.verify(Optional.empty()).fault().orElse("sound"));
    if (!keepsAll) {
      stalls();
    }
    return bounded;
  }

  private void day(int day, boolean keepsAll) {
    for (int hour = 0; hour < HOURS; hour++) {
      fleet.hour((day - 1) * HOURS + hour);
      clock.advance(Duration.ofHours(1));
      if (!keepsAll) {
        try (Retention retention = retention(1)) {
          retention.round().forEach((what, rows) -> forgotten.merge(what, rows, Long::sum));
        }
      }
    }
  }

  private Retention retention(int part) {
    return new Retention(
        List.of(
            new EndedBatches(past, part(load.operations(), part), clock),
            new OldOutputs(past, part(load.outputs(), part), clock),
            new UnusedDocuments(past),
            new OldEvents(eventStore, part(load.keptEvents(), part), clock),
            new OldAuditEntries(audit, auditStore, part(load.audit(), part), clock)),
        database,
        database.writer(),
        System::nanoTime);
  }

  private static Bound part(Bound whole, int part) {
    return new Bound(whole.age(), whole.most() / part);
  }

  private void look(int day) throws IOException {
    Path wal = file.resolveSibling("server.db-wal");
    database.read(transaction -> {
      EventQuery all =
          new EventQuery(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              OptionalLong.empty());
      print(
          "%5d %,10d %,8d %,11d %,12d %,10d %,9d",
          day,
          size(file) / MEBI,
          size(wal) / MEBI,
          past.operations(transaction),
          past.outputBytes(transaction) / MEBI,
          eventStore.page(transaction, Scope.ALL, all, PageRequest.first(1)).total(),
          auditStore.page(transaction, PageRequest.first(1)).total());
      return day;
    });
  }

  /** Half of everything goes at once, while somebody else writes. */
  private void stalls() throws InterruptedException {
    WriteProbe.Latency idle =
        WriteProbe.during(database.writer(), () -> LockSupport.parkNanos(IDLE.toNanos()));
    long begun = System.nanoTime();
    Map<String, Long> rows = new TreeMap<>();
    WriteProbe.Latency busy =
        WriteProbe.during(
            database.writer(),
            () -> {
              try (Retention retention = retention(2)) {
                rows.putAll(retention.round());
              }
            });
    print("a write of somebody else, while nothing is forgotten: %s", text(idle));
    print("while %s are forgotten in %,d s: %s", rows, seconds(begun), text(busy));
  }

  private static String text(WriteProbe.Latency latency) {
    return String.format(
        Locale.ROOT,
        "median %.1f ms, p99 %.1f ms, longest %.1f ms (%,d writes)",
        latency.medianMillis(),
        latency.p99Millis(),
        latency.longestMillis(),
        latency.writes());
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private static long seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toSeconds();
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Override
  public void close() {
    database.close();
  }
}
