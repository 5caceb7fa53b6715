package io.easyagent.acceptance.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The witnesses' folder: a file for each host, on a disk that is never full, in which commands and
 * agents write what they do. What a process has written stays when it is killed, so the lines need
 * not be synced: the machine itself goes through no power cut here.
 */
final class Witness {
  /** {@code $file} and {@code $name} are set; the clock is the machine's, which no fault moves. */
  private static final String RECORD =
      """
      record() { read -r uptime rest </proc/uptime; echo "$1 $name $$ $uptime" >>"$file"; }
      """;

  /**
   * Not every shell's wait ends for a signal that came just before it: it waits for a short time.
   */
  private static final String AGENT =
      """
      #!/bin/sh
      file=$1 name=$2
      """
          + RECORD
          + """
          exec 9>"$file.$name.lock"
          flock -n 9 || record doubled
          trap 'rm -f "$file.$name.pid"; record stopped; exit 0' TERM
          record started
          echo $$ >"$file.$name.pid"
          while :; do sleep 2 9>&- & wait $!; done
          """;

  /**
   * Which host it is on, it sees from where its script lies. Its parameters are the folder, a name
   * for this one execution, for how many seconds it runs, and its exit status.
   */
  static final String COMMAND =
      """
      host=${0#*/hosts/}
      file=$1/${host%%/*} name=$2
      """
          + RECORD
          + """
          record began
          [ "$3" = 0 ] || sleep "$3"
          record ended
          exit "$4"
          """;

  private final Path folder;
  private final Path agent;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  Witness(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    agent = Files.writeString(folder.resolve("agent.sh"), AGENT);
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path folder() {
    return folder;
  }

  private Path file(String host) {
    return folder.resolve(host);
  }

  /** All that was said on that host until now. */
  List<Testimony> of(String host) {
    return reading(host).all();
  }

  int count(String host) {
    return reading(host).count();
  }

  /** The last word of an agent. */
  Optional<Testimony> last(String host, String agentName) {
    return reading(host).last(agentName);
  }

  private Reading reading(String host) {
    return readings.computeIfAbsent(host, each -> new Reading(file(each)));
  }

  /**
   * An agent of that host.
   *
   * @param setting the content of its configuration file; another one restarts it
   */
  String definition(String host, String name, int setting) {
    return """
    name: %s
    type: service
    user: %s
    command: ["%s", "%s", "%s"]
    files:
      setting.txt: {content: "%d", apply: restart}
    ready: {command: [/usr/bin/test, -e, "%s.%s.pid"], timeout: 60s}
    restart: {policy: always, backoff: 100ms..1s}
    stop: {signal: TERM, grace: 60s}
    """
        .formatted(
            name,
            System.getProperty("user.name"),
            agent,
            file(host),
            name,
            setting,
            file(host),
            name);
  }
}
