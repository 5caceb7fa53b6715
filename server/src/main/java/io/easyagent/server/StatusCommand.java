package io.easyagent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.definition.DurationText;
import io.easyagent.server.backup.LastBackup;
import io.easyagent.server.local.LiveStatus;
import io.easyagent.server.local.StatusSocket;
import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.StoreFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code easyagent server status}: what the folder tells, and the server that runs on it. */
final class StatusCommand {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatusCommand() {}

  /** What is shown. */
  private record Shown(
      Path data,
      Optional<LiveStatus> live,
      StoreFile.Facts store,
      long storeBytes,
      Optional<LastBackup> backup) {}

  /** 0 when the server runs and is ready, otherwise 1. */
  static int run(Invocation.ShowStatus wanted, PrintStream out) throws IOException {
    Path data = ServerConfigFile.read(wanted.config(), wanted.overrides()).data();
    Path store = DataFolder.database(data);
    if (!Files.isRegularFile(store)) {
      throw new IOException(
          data + ": no server's data folder (expected: --data DIR or --config FILE of the server)");
    }
    NativeLibraries.unpackForCommand(data);
    Shown shown =
        new Shown(
            data,
            StatusSocket.ask(data),
            StoreFile.facts(store),
            Files.size(store),
            LastBackup.find(data));
    out.print(wanted.json() ? json(shown) : text(shown, SystemTime.wallClock().instant()));
    return shown.live().filter(live -> live.obstacles().isEmpty()).isPresent() ? 0 : 1;
  }

  private static String text(Shown shown, Instant now) {
    StringBuilder text = new StringBuilder();
    line(text, "server", server(shown.live(), now));
    line(text, "data", shown.data().toAbsolutePath().toString());
    line(
        text,
        "store",
        "%s, schema %s, generation %s"
            .formatted(
                BackupCommands.size(shown.storeBytes()),
                shown.store().schema(),
                shown.store().generation().orElse("none")));
    line(text, "hosts", hosts(shown.store().hosts()));
    line(
        text,
        "last backup",
        shown
            .backup()
            .map(last -> time(last.at(), now) + " to " + last.file())
            .orElse("none (easyagent server backup FILE)"));
    shown
        .live()
        .ifPresent(live -> {
          live.obstacles().forEach(obstacle -> line(text, "obstacle", obstacle));
          live.warnings().forEach(warning -> line(text, "warning", warning));
        });
    return text.toString();
  }

  private static String server(Optional<LiveStatus> live, Instant now) {
    if (live.isEmpty()) {
      return "not running";
    }
    LiveStatus running = live.get();
    return "%s, version %s, pid %d, since %s, ports %d (hosts) and %d (operators)"
        .formatted(
            running.obstacles().isEmpty() ? "ready" : "not ready",
            running.version(),
            running.pid(),
            time(running.startedAt(), now),
            running.hostPort(),
            running.operatorPort());
  }

  private static String hosts(Map<String, Long> counts) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    String parts =
        new TreeMap<>(counts)
            .entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    return all + (parts.isEmpty() ? "" : ": " + parts);
  }

  private static String time(Instant instant, Instant now) {
    Duration ago = Duration.between(instant, now);
    ChronoUnit unit = ago.toHours() > 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    return instant.truncatedTo(ChronoUnit.SECONDS)
        + (ago.isNegative() ? "" : " (" + DurationText.format(ago.truncatedTo(unit)) + " ago)");
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value));
  }

  private static String json(Shown shown) throws JsonProcessingException {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("running", shown.live().isPresent());
    document.put("ready", shown.live().filter(live -> live.obstacles().isEmpty()).isPresent());
    shown
        .live()
        .ifPresent(live -> {
          document.put("version", live.version());
          document.put("pid", live.pid());
          document.put("startedAt", live.startedAt().toString());
          document.put("hostPort", live.hostPort());
          document.put("operatorPort", live.operatorPort());
        });
    put(document, "obstacles", shown.live().map(LiveStatus::obstacles).orElse(List.of()));
    put(document, "warnings", shown.live().map(LiveStatus::warnings).orElse(List.of()));
    document.put("data", shown.data().toAbsolutePath().toString());
    document.put("storeBytes", shown.storeBytes());
    document.put("schema", shown.store().schema());
    shown.store().generation().ifPresent(id -> document.put("generation", id));
    ObjectNode hosts = document.putObject("hosts");
    shown
        .store()
        .hosts()
        .forEach((status, count) -> hosts.put(status.toLowerCase(Locale.ROOT), count));
    shown
        .backup()
        .ifPresent(last -> {
          ObjectNode backup = document.putObject("lastBackup");
          backup.put("at", last.at().toString());
          backup.put("file", last.file());
        });
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  private static void put(ObjectNode document, String name, List<String> texts) {
    texts.forEach(document.putArray(name)::add);
  }
}
