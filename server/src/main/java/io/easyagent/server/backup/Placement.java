package io.easyagent.server.backup;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.SyncedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts what was restored into the place of what was there. It is gathered in a folder of the data
 * folder, which gets the name that keeps servers from starting before anything is moved: wherever
 * the moving stops, a restore that is run once more makes it whole, and what was there is in a
 * folder aside.
 */
final class Placement {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String WORK = "restore-work";
  private static final String ASIDE = "replaced-";

  private final OwnedFolder data;
  private final Path work;
  private final Path aside;

  Placement(OwnedFolder data, Instant now) {
    this.data = data;
    this.work = data.root().resolve(WORK);
    this.aside = data.root().resolve(ASIDE + TIME.format(now));
  }

  /** An empty folder for what is to come. */
  Path begin() throws IOException {
    OwnedFolder.remove(work);
    return data.folder(work);
  }

  /** Nothing was moved: what was gathered goes. */
  void abandon() throws IOException {
    OwnedFolder.remove(work);
  }

  /**
   * Moves what is there aside and what was gathered into its place.
   *
   * @param replaced what is moved aside; empty: everything
   * @return where to; empty when nothing was there
   */
  Optional<Path> finish(Set<String> replaced) throws IOException {
    syncAll(work);
    Path staging = data.root().resolve(DataFolder.RESTORING);
    OwnedFolder.remove(staging);
    Files.move(work, staging, StandardCopyOption.ATOMIC_MOVE);
    SyncedFolder.sync(data.root());
    List<Path> old =
        children(data.root()).stream().filter(path -> isReplaced(path, replaced)).toList();
    if (!old.isEmpty()) {
      data.folder(aside);
      for (Path path : old) {
        move(path, aside);
      }
      SyncedFolder.sync(aside);
      SyncedFolder.sync(data.root());
    }
    for (Path path : children(staging)) {
      move(path, data.root());
    }
    SyncedFolder.sync(data.root());
    Files.delete(staging);
    SyncedFolder.sync(data.root());
    return old.isEmpty() ? Optional.empty() : Optional.of(aside);
  }

  private static boolean isReplaced(Path path, Set<String> replaced) {
    String name = String.valueOf(path.getFileName());
    return !isOfNoBackup(path) && (replaced.isEmpty() || replaced.contains(name));
  }

  /** What a restore neither counts nor moves. */
  static boolean isOfNoBackup(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.equals(DataFolder.RESTORING)
        || name.equals("lock")
        || name.equals(WORK)
        || name.startsWith(ASIDE)
        || name.startsWith("native");
  }

  private static void move(Path path, Path folder) throws IOException {
    Files.move(
        path, folder.resolve(String.valueOf(path.getFileName())), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void syncAll(Path folder) throws IOException {
    for (Path child : children(folder)) {
      if (Files.isDirectory(child)) {
        syncAll(child);
      }
    }
    SyncedFolder.sync(folder);
  }
}
