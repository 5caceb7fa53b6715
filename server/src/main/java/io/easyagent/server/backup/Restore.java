package io.easyagent.server.backup;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.FolderLock;
import io.easyagent.server.store.StoreFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts backups back. Everything is decrypted and checked beside what is there before anything of it
 * is touched; what is there is kept aside. The restored store begins another generation.
 */
public final class Restore {
  private static final int GENERATION_BYTES = 16;
  private static final int LONGEST_MANIFEST = 64 * 1024;

  private final InstantSource clock;
  private final SecureRandom random;

  public Restore(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** The passphrase, asked for only once it is known that there is something to decrypt. */
  @FunctionalInterface
  public interface Passphrase {
    char[] read() throws BackupException;
  }

  /**
   * What was restored.
   *
   * @param manifest absent: a copy of the store from before an upgrade, which has none
   * @param before the generation of the store that was restored
   * @param keptAside what was there before
   */
  public record Restored(
      Optional<Manifest> manifest,
      String schema,
      String before,
      String generation,
      boolean configuration,
      Optional<Path> keptAside) {
    private Restored aside(Optional<Path> folder) {
      return new Restored(manifest, schema, before, generation, configuration, folder);
    }
  }

  /**
   * Decrypts a whole backup and keeps nothing of it.
   *
   * @throws BackupException when a byte of it is not as it was written
   */
  public Manifest check(Path file, Passphrase passphrase) throws BackupException {
    try {
      return read(
          file,
          passphrase.read(),
          (entry, bytes) -> {
            OutputStream nowhere = OutputStream.nullOutputStream();
            bytes.writeTo(nowhere);
          });
    } catch (IOException unreadable) {
      throw new BackupException(file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  /**
   * Restores a backup, or a copy of the store from before an upgrade, into a data folder.
   *
   * @param replace also when there is something in the folder; it is kept aside
   */
  public Restored restore(Path file, Path data, Passphrase passphrase, boolean replace)
      throws BackupException {
    prepare(file, data, replace);
    try {
      OwnedFolder folder = new OwnedFolder(data);
      try (FolderLock lock = DataFolder.lock(data)) {
        folder.give(data.resolve("lock"));
        Placement placement = new Placement(folder, clock.instant());
        try {
          return restore(file, folder, placement, passphrase);
        } finally {
          placement.abandon();
        }
      }
    } catch (IOException | IllegalStateException failure) {
      throw new BackupException("nothing was restored: " + failure.getMessage(), failure);
    }
  }

  private Restored restore(
      Path file, OwnedFolder folder, Placement placement, Passphrase passphrase)
      throws IOException, BackupException {
    Path staging = placement.begin();
    if (StoreFile.isOne(file)) {
      folder.write(DataFolder.database(staging), out -> Files.copy(file, out));
      return finish(file, folder, staging, Optional.empty())
          .aside(placement.finish(Set.of("server.db", "server.db-wal", "server.db-shm")));
    }
    Manifest manifest = unpack(file, passphrase.read(), folder, staging);
    return finish(file, folder, staging, Optional.of(manifest)).aside(placement.finish(Set.of()));
  }

  /**
   * Makes the folder when it is missing.
   *
   * @throws BackupException when nothing may be restored into it
   */
  public void prepare(Path file, Path data, boolean replace) throws BackupException {
    try {
      boolean storeOnly = StoreFile.isOne(file);
      if (!Files.isDirectory(data)) {
        if (storeOnly) {
          throw new BackupException(
              data + ": no data folder (expected: the one that the copy of the store comes from)");
        }
        Files.createDirectories(
            data,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!replace) {
        requireEmpty(data);
      }
    } catch (IOException failure) {
      throw new BackupException("nothing was restored: " + failure, failure);
    }
  }

  private static void requireEmpty(Path data) throws IOException, BackupException {
    try (Stream<Path> files = Files.list(data)) {
      if (!files.allMatch(Placement::isOfNoBackup)) {
        throw new BackupException(
            data + ": not empty (expected: an empty folder, or --replace, which keeps it aside)");
      }
    }
  }

  private Restored finish(Path file, OwnedFolder folder, Path staging, Optional<Manifest> manifest)
      throws IOException {
    Path store = DataFolder.database(staging);
    if (!Files.isRegularFile(store)) {
      throw new IOException("the backup has no store");
    }
    StoreFile.check(store);
    StoreFile.Facts facts = StoreFile.facts(store);
    requireArchives(staging, facts, manifest.isPresent());
    byte[] bytes = new byte[GENERATION_BYTES];
    random.nextBytes(bytes);
    String generation = HexFormat.of().formatHex(bytes);
    Instant when =
        manifest.isPresent()
            ? manifest.get().createdAt()
            : Files.getLastModifiedTime(file).toInstant();
    StoreFile.beginGeneration(store, generation, "a backup of " + when);
    folder.give(store);
    if (manifest.isPresent()) {
      new LastBackup(when, file.toAbsolutePath().toString()).keep(new OwnedFolder(staging));
    }
    return new Restored(
        manifest,
        facts.schema(),
        facts.generation().orElse("none"),
        generation,
        Files.exists(staging.resolve(Backup.CONFIGURATION)),
        Optional.empty());
  }

  private static void requireArchives(Path staging, StoreFile.Facts facts, boolean complete)
      throws IOException {
    if (!complete) {
      return;
    }
    for (String archive : facts.archives()) {
      Path file = DataFolder.packages(staging).resolve(archive);
      if (!Files.isRegularFile(file) || !sha256(file).equals(archive)) {
        throw new IOException("the backup lacks the package with SHA-256 " + archive);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[Seal.CHUNK];
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static Manifest unpack(Path file, char[] passphrase, OwnedFolder folder, Path staging)
      throws IOException, BackupException {
    return read(
        file,
        passphrase,
        (entry, bytes) -> {
          Path target = entry.below(staging);
          folder.folder(Optional.ofNullable(target.getParent()).orElseThrow());
          folder.write(target, bytes);
        });
  }

  /** What is done with a file of a backup; its bytes must be taken. */
  @FunctionalInterface
  private interface Receiver {
    void take(Entries.Entry entry, OwnedFolder.Source bytes) throws IOException;
  }

  /** To the authenticated end, or not at all. */
  private static Manifest read(Path file, char[] passphrase, Receiver receiver)
      throws IOException, BackupException {
    try (SealedInput in = new SealedInput(Files.newInputStream(file), passphrase)) {
      Entries.Reader entries = new Entries.Reader(in);
      Entries.Entry first =
          entries
              .next()
              .filter(entry -> entry.name().equals(Backup.MANIFEST))
              .filter(entry -> entry.size() <= LONGEST_MANIFEST)
              .orElseThrow(() -> new IOException("the backup does not begin with its manifest"));
      ByteArrayOutputStream about = new ByteArrayOutputStream();
      entries.bytes(first, about);
      for (Optional<Entries.Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        Entries.Entry entry = next.get();
        receiver.take(entry, out -> entries.bytes(entry, out));
      }
      return Manifest.decode(about.toByteArray());
    }
  }
}
