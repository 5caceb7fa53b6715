package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel counts where memory runs out for the processes of one cgroup: {@code
 * memory.events} of the unified hierarchy, {@code memory.oom_control} and {@code memory.failcnt} of
 * the legacy one.
 */
final class CgroupMemory {
  /** What the legacy hierarchy has for no limit is a little less than this. */
  private static final long NO_LIMIT = 1L << 62;

  private final List<Path> unified;
  private final List<Path> legacy;

  CgroupMemory(Optional<Path> unified, Optional<Path> legacy) {
    this.unified = unified.stream().toList();
    this.legacy = legacy.stream().toList();
  }

  /**
   * Both only grow while the cgroup is there.
   *
   * @param kills processes of the cgroup that the kernel killed for want of memory, whoever's
   * @param limitHits how often the cgroup's own limit was met: where it was not, a kill was for
   *     want of memory of the host, or of a cgroup around it
   */
  record Counters(long kills, long limitHits) {
    static final Counters NONE = new Counters(0, 0);
  }

  /** Empty where no hierarchy has the controller for us, or there is no cgroup. */
  Optional<Counters> read() {
    for (Path folder : unified) {
      OptionalLong kills = line(folder.resolve("memory.events"), "oom_kill ");
      if (kills.isPresent()) {
        long hits = line(folder.resolve("memory.events"), "oom ").orElse(0);
        return Optional.of(new Counters(kills.getAsLong(), hits));
      }
    }
    for (Path folder : legacy) {
      OptionalLong kills = line(folder.resolve("memory.oom_control"), "oom_kill ");
      if (kills.isPresent()) {
        long hits = line(folder.resolve("memory.failcnt"), "").orElse(0);
        return Optional.of(new Counters(kills.getAsLong(), hits));
      }
    }
    return Optional.empty();
  }

  /** The limit in force, in bytes. */
  OptionalLong limit() {
    for (Path folder : unified) {
      OptionalLong limit = line(folder.resolve("memory.max"), "");
      if (limit.isPresent()) {
        return limit;
      }
    }
    for (Path folder : legacy) {
      OptionalLong limit = line(folder.resolve("memory.limit_in_bytes"), "");
      if (limit.isPresent() && limit.getAsLong() < NO_LIMIT) {
        return limit;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong line(Path file, String before) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
          .filter(line -> line.startsWith(before))
          .map(line -> line.substring(before.length()).strip())
          .filter(number -> number.matches("[0-9]{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException none) {
      return OptionalLong.empty();
    }
  }
}
