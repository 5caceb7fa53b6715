package io.easyagent.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The server's folder, held by one server at a time. Only its owner can look into it. */
public final class DataFolder implements AutoCloseable {
  /** Where a restore gathers what it puts in place at its end; see {@link #open}. */
  public static final String RESTORING = "restoring";

  private static final String LOCK = "lock";
  private static final String STORE = "server.db";

  private final Path root;
  private final FolderLock lock;

  private DataFolder(Path root, FolderLock lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Makes what is missing of the folder and takes it.
   *
   * @throws IllegalStateException when another server holds it, or a restore into it has not ended
   */
  public static DataFolder open(Path root) {
    try {
      makePrivate(root);
      FolderLock lock = lock(root);
      try {
        requireWhole(root);
        makePrivate(root.resolve("ca"));
        makePrivate(root.resolve("packages"));
        return new DataFolder(root, lock);
      } catch (IOException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("data folder " + root + ": " + failure, failure);
    }
  }

  /**
   * Keeps servers off the folder.
   *
   * @throws IllegalStateException when a server holds it
   */
  public static FolderLock lock(Path root) throws IOException {
    return FolderLock.tryTake(root.resolve(LOCK))
        .orElseThrow(() ->
            new IllegalStateException(
                "data folder "
                    + root
                    + ": in use by another server (expected: one server for each)"));
  }

  /**
   * What was restored so far is a part; the rest may be gone for ever if a server went on with it.
   */
  private static void requireWhole(Path root) {
    if (Files.exists(root.resolve(RESTORING))) {
      throw new IllegalStateException(
          "data folder "
              + root
              + ": a restore into it did not end (expected: easyagent server restore --replace, once more)");
    }
  }

  /** Also a folder that was there before: it will hold keys and every secret of the fleet. */
  private static void makePrivate(Path folder) throws IOException {
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
    } else if (!Files.getPosixFilePermissions(folder).equals(ownerOnly)) {
      Files.setPosixFilePermissions(folder, ownerOnly);
    }
  }

  public Path root() {
    return root;
  }

  public Path database() {
    return database(root);
  }

  /** The store's file in a data folder. */
  public static Path database(Path root) {
    return root.resolve(STORE);
  }

  public Path certificates() {
    return root.resolve("ca");
  }

  public Path packages() {
    return packages(root);
  }

  /** The archives in a data folder. */
  public static Path packages(Path root) {
    return root.resolve("packages");
  }

  /** Copies of the store from before upgrades. */
  public Path upgradeBackups() {
    return root.resolve("backups");
  }

  /** The keys that secrets are sealed with; beside the store, and as precious as the CA. */
  public Path secretKey() {
    return root.resolve("secret.key");
  }

  public Path adminToken() {
    return root.resolve("admin.token");
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
