package io.easyagent.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the store from before each change of its schema: whole, on disk before the change
 * begins, readable by their owner alone. The latest few are kept.
 */
public final class UpgradeBackups {
  private static final Logger log = LoggerFactory.getLogger(UpgradeBackups.class);
  private static final String PREFIX = "before-upgrade-";
  private static final String SUFFIX = ".db";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;
  private final int keep;
  private final InstantSource clock;

  /**
   * @param folder made when it is missing
   * @param keep at least 1
   */
  public UpgradeBackups(Path folder, int keep, InstantSource clock) {
    this.folder = folder;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Copies the store.
   *
   * @param version of its schema
   * @throws IllegalStateException when it cannot be copied: nothing may be changed then
   */
  void take(Path store, String version) {
    String name = PREFIX + TIME.format(clock.instant()) + "-schema-" + version + SUFFIX;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path unfinished = folder.resolve("unfinished");
      Files.deleteIfExists(unfinished);
      StoreFile.copy(store, unfinished);
      Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      SyncedFolder.sync(folder);
      log.info("store backed up before its schema is upgraded file={}", folder.resolve(name));
      removeOldest();
    } catch (IOException failure) {
      throw new IllegalStateException(
          "store %s: not backed up, so its schema is not upgraded: %s (expected: room for a copy in %s)"
              .formatted(store, failure.getMessage(), folder),
          failure);
    }
  }

  private void removeOldest() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> copies = files.filter(UpgradeBackups::isCopy).sorted().toList();
      for (Path old : copies.subList(0, Math.max(0, copies.size() - keep))) {
        Files.delete(old);
      }
    }
  }

  private static boolean isCopy(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }
}
