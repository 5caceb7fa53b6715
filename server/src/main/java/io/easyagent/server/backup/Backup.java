package io.easyagent.server.backup;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.FolderLock;
import io.easyagent.server.store.SyncedFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes backups of a data folder: encrypted and complete, of one moment, while a server runs on it
 * or not. A backup appears under its name only once it is whole and on disk.
 */
public final class Backup {
  static final String MANIFEST = "manifest.json";
  static final String CONFIGURATION = "server.yaml";

  private static final String WORK = "backup-work";

  private final Path data;
  private final String version;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * @param version of this program
   */
  public Backup(Path data, String version, InstantSource clock, SecureRandom random) {
    this.data = data;
    this.version = version;
    this.clock = clock;
    this.random = random;
  }

  /**
   * A backup that was made.
   *
   * @param leftOut files of the data folder that it does not have
   */
  public record Made(Manifest manifest, long bytes, int archives, List<String> leftOut) {}

  /**
   * Makes a backup.
   *
   * @param file does not exist yet; its folder does
   * @param configuration kept too
   */
  public Made write(Path file, char[] passphrase, Optional<Path> configuration)
      throws BackupException {
    Path target = file.toAbsolutePath();
    if (Files.exists(target)) {
      throw new BackupException(file + ": exists (expected: a new file)");
    }
    if (!Files.isRegularFile(DataFolder.database(data))) {
      throw new BackupException(
          data + ": no server's data folder (expected: --data DIR or --config FILE of the server)");
    }
    try {
      OwnedFolder folder = new OwnedFolder(data);
      try (FolderLock lock = lock(folder)) {
        Path work = data.resolve(WORK);
        try {
          return write(folder, Snapshot.take(folder, work), target, passphrase, configuration);
        } finally {
          OwnedFolder.remove(work);
        }
      }
    } catch (IOException failure) {
      throw new BackupException("no backup was made: " + failure, failure);
    }
  }

  private FolderLock lock(OwnedFolder folder) throws IOException, BackupException {
    Path file = data.resolve("backup.lock");
    FolderLock lock =
        FolderLock.tryTake(file)
            .orElseThrow(() -> new BackupException("another backup of " + data + " is being made"));
    folder.give(file);
    return lock;
  }

  private Made write(
      OwnedFolder folder,
      Snapshot snapshot,
      Path target,
      char[] passphrase,
      Optional<Path> configuration)
      throws IOException {
    Manifest manifest =
        new Manifest(
            clock.instant(),
            version,
            fleet(snapshot),
            snapshot.facts().generation().orElse(""),
            snapshot.facts().schema());
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        OutputStream out = Channels.newOutputStream(channel);
        SealedOutput sealed = new SealedOutput(out, SealHeader.fresh(random), passphrase);
        entries(new Entries.Writer(sealed), manifest, snapshot, configuration);
        sealed.finish();
        channel.force(true);
      }
      long bytes = Files.size(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      SyncedFolder.sync(Optional.ofNullable(target.getParent()).orElseThrow());
      new LastBackup(manifest.createdAt(), target.toString()).keep(folder);
      return new Made(manifest, bytes, snapshot.facts().archives().size(), snapshot.leftOut());
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void entries(
      Entries.Writer entries, Manifest manifest, Snapshot snapshot, Optional<Path> configuration)
      throws IOException {
    byte[] about = manifest.encoded();
    entries.put(MANIFEST, about.length, new ByteArrayInputStream(about));
    if (configuration.isPresent()) {
      byte[] text = Files.readAllBytes(configuration.get());
      entries.put(CONFIGURATION, text.length, new ByteArrayInputStream(text));
    }
    for (Map.Entry<String, Path> file : snapshot.files().entrySet()) {
      if (file.getKey().equals(CONFIGURATION) && configuration.isPresent()) {
        continue;
      }
      try (InputStream bytes = Files.newInputStream(file.getValue())) {
        entries.put(file.getKey(), Files.size(file.getValue()), bytes);
      }
    }
    entries.end();
  }

  private static String fleet(Snapshot snapshot) throws IOException {
    Path file = snapshot.files().get("ca/fleet-id");
    return file == null ? "" : Files.readString(file).strip();
  }
}
