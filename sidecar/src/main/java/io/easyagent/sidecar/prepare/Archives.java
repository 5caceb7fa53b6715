package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.PackageReference;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fetches, verifies and unpacks archives. Every call is idempotent and does what the calls before
 * it would have done, so that work can begin again anywhere. Thread-safe: one archive is worked on
 * by one caller at a time.
 */
public final class Archives {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Path folder;
  private final String marker;
  private final Artifacts artifacts;
  private final Disk disk;
  private final UnpackLimits limits;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * @param folder root's, for archives until they are unpacked; it is made when it is missing
   * @param marker name of a file in each unpacked version: the SHA-256 of the archive that it came
   *     from
   */
  public Archives(
      Path folder, String marker, Artifacts artifacts, Accounts accounts, UnpackLimits limits) {
    this.folder = folder;
    this.marker = marker;
    this.artifacts = artifacts;
    this.disk = Disk.of(accounts);
    this.limits = limits;
  }

  /**
   * Has the archive on disk, whole; a broken link is tried again until the pause says stop.
   *
   * @throws PrepareException when the disk is full, or the server sent more than the size says
   */
  public void fetch(PackageReference reference, Path version, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    try (Held ignored = hold(reference)) {
      if (!isUnpacked(reference, version)) {
        fetchHeld(reference, pause);
      }
    }
  }

  /**
   * Compares the archive with its checksum; one that is wrong is removed.
   *
   * @throws PrepareException with both digests when they differ
   */
  public void verify(PackageReference reference, Path version, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    try (Held ignored = hold(reference)) {
      if (!isUnpacked(reference, version)) {
        verifyHeld(reference, pause);
      }
    }
  }

  /**
   * Unpacks beside the versions that are there, and renames; the archive is removed after.
   *
   * @param unfinished where it is unpacked before it gets its name, in the same folder
   * @param inForce whether a version of that name, if there is one, must stay what it is
   */
  public void unpack(
      PackageReference reference,
      Path version,
      Path unfinished,
      boolean inForce,
      Pause pause,
      Checkpoint checkpoint)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    try (Held ignored = hold(reference)) {
      if (!isUnpacked(reference, version)) {
        requireReplaceable(reference, version, inForce);
        verifyHeld(reference, pause);
        unpackHeld(reference, version, unfinished, checkpoint);
      }
      Files.deleteIfExists(archive(reference));
      Files.deleteIfExists(partial(reference));
    }
  }

  /** Whether the version was unpacked from this very archive. */
  public boolean isUnpacked(PackageReference reference, Path version) throws IOException {
    Path file = version.resolve(marker);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(file, StandardCharsets.US_ASCII).strip().equals(reference.sha256());
  }

  /** An archive whose checksum was found right. */
  Path archive(PackageReference reference) {
    return folder.resolve(reference.sha256());
  }

  /** An archive on its way. */
  Path partial(PackageReference reference) {
    return folder.resolve(reference.sha256() + ".partial");
  }

  private static void requireReplaceable(PackageReference reference, Path version, boolean inForce)
      throws PrepareException {
    if (inForce && Files.exists(version, LinkOption.NOFOLLOW_LINKS)) {
      throw new PrepareException(
          "package: "
              + reference
              + " is in force with another checksum than "
              + reference.sha256()
              + " (expected: a new version for a new content)");
    }
  }

  private void fetchHeld(PackageReference reference, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    if (Files.exists(archive(reference))) {
      return;
    }
    if (reference.size() <= 0) {
      throw new PrepareException(
          "package: " + reference + " size: " + reference.size() + " (expected: at least 1)");
    }
    disk.folder(folder, 0700, 0, 0);
    Path partial = partial(reference);
    Duration next = FIRST_PAUSE;
    while (true) {
      long offset = Files.exists(partial) ? Files.size(partial) : 0;
      if (offset == reference.size()) {
        return;
      }
      if (offset > reference.size()) {
        Files.delete(partial);
        offset = 0;
      }
      requireRoom(reference, partial, offset);
      if (!fetchOnce(reference, partial, offset)) {
        boolean advanced = Files.size(partial) > offset;
        next = advanced ? FIRST_PAUSE : next;
        pause.pause(next);
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      }
    }
  }

  /**
   * @return false when the link broke
   */
  private boolean fetchOnce(PackageReference reference, Path partial, long offset)
      throws PrepareException, IOException, InterruptedException {
    try (Target target = new Target(partial, reference.size() - offset)) {
      try {
        artifacts.fetch(reference, offset, target);
      } catch (IOException broken) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while fetching " + reference);
        }
        target.throwIfFailed(reference, partial);
        target.sync();
        return false;
      }
      target.throwIfFailed(reference, partial);
      target.sync();
      return target.isComplete();
    }
  }

  private static void requireRoom(PackageReference reference, Path partial, long offset)
      throws PrepareException, IOException {
    long free = Files.getFileStore(partial.getParent()).getUsableSpace();
    long needed = reference.size() - offset;
    if (free < needed) {
      throw new PrepareException(
          "disk full: "
              + partial
              + " (free: "
              + free
              + " bytes, expected: at least "
              + needed
              + " for "
              + reference
              + ")");
    }
  }

  private void verifyHeld(PackageReference reference, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    if (Files.exists(archive(reference))) {
      return;
    }
    fetchHeld(reference, pause);
    Path partial = partial(reference);
    String actual = sha256(partial);
    if (!actual.equals(reference.sha256())) {
      Files.delete(partial);
      throw new PrepareException(
          "package: "
              + reference
              + " has the SHA-256 "
              + actual
              + " (expected: "
              + reference.sha256()
              + "); what was fetched is removed");
    }
    Disk.rename(partial, archive(reference));
  }

  private void unpackHeld(
      PackageReference reference, Path version, Path unfinished, Checkpoint checkpoint)
      throws PrepareException, StoppedException, IOException {
    TreeRemoval.remove(unfinished);
    Files.createDirectory(unfinished);
    try {
      Path root = Unpacking.unpack(archive(reference), unfinished, limits, checkpoint);
      if (Files.exists(root.resolve(marker), LinkOption.NOFOLLOW_LINKS)) {
        throw new PrepareException(
            "archive: entry " + marker + " (expected: a name that is not the sidecar's)");
      }
      disk.create(
          root.resolve(marker), reference.sha256().getBytes(StandardCharsets.US_ASCII), 0444, 0);
      Disk.sync(root);
      TreeRemoval.remove(version);
      Disk.rename(root, version);
      Files.setPosixFilePermissions(version, Disk.permissions(0555));
      Disk.sync(version);
    } catch (StoppedException stopped) {
      TreeRemoval.remove(unfinished);
      throw stopped;
    } catch (ClosedByInterruptException halted) {
      // Nothing is wrong with the archive: the next start goes on with it.
      throw halted;
    } catch (PrepareException refused) {
      removeBoth(unfinished, archive(reference));
      throw refused;
    } catch (IOException failed) {
      String cause = Disk.explain(failed, unfinished);
      removeBoth(unfinished, archive(reference));
      throw new PrepareException("package: " + reference + " cannot be unpacked: " + cause, failed);
    }
    TreeRemoval.remove(unfinished);
  }

  /** What is no good is not kept: the next try fetches it anew. */
  private static void removeBoth(Path unfinished, Path archive) throws IOException {
    TreeRemoval.remove(unfinished);
    Files.deleteIfExists(archive);
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private Held hold(PackageReference reference) throws InterruptedException {
    ReentrantLock lock = locks.computeIfAbsent(reference.sha256(), absent -> new ReentrantLock());
    lock.lockInterruptibly();
    return lock::unlock;
  }

  private interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Tells a failure of the disk from one of the link, and takes no byte too many. */
  private static final class Target extends OutputStream {
    private final FileOutputStream file;
    private long left;
    private String failure = "";

    Target(Path path, long left) throws IOException {
      this.file = new FileOutputStream(path.toFile(), true);
      this.left = left;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > left) {
        failure = "the server sent more than its size";
        throw new IOException(failure);
      }
      try {
        file.write(bytes, offset, length);
      } catch (IOException failed) {
        failure = String.valueOf(failed.getMessage());
        throw failed;
      }
      left -= length;
    }

    boolean isComplete() {
      return left == 0;
    }

    void sync() throws IOException {
      file.getFD().sync();
    }

    void throwIfFailed(PackageReference reference, Path path) throws PrepareException {
      if (!failure.isEmpty()) {
        throw new PrepareException(
            "package: " + reference + ": " + Disk.explain(new IOException(failure), path));
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
