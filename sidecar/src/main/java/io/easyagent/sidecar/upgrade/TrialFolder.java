package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The trial on disk, which the guard reads and ends as well. Whatever moment the machine stops at,
 * there is a whole trial or none. What the way back needs is there before the trial is, so that
 * going it is a rename, also on a full disk. Thread-safe.
 *
 * <pre>
 * open         the trial
 * starts       a line for each start since, "BOOT SECONDS", written by the guard
 * back         a link that takes the place of current on the way back
 * reason       why it failed: from then on it is over, and only the way back is left
 * rolled-back  what was open, once the guard has gone back; until its operation has ended
 * </pre>
 */
public final class TrialFolder {
  private static final int LONGEST_REASON = 1_000;

  /** Of a rolled back trial whose reason found no room on the disk. */
  private static final String UNKNOWN = "the guard could not write down why";

  private final Path folder;

  public TrialFolder(Path folder) {
    this.folder = folder;
  }

  /** The one that is open; empty also when its record is damaged, which only the guard mends. */
  public synchronized Optional<Trial> find() throws IOException {
    return text("open").flatMap(Trial::parse);
  }

  /**
   * Opens a trial, or the same one anew.
   *
   * @throws IOException also when another one is open
   */
  synchronized void begin(Trial trial) throws IOException {
    Optional<Trial> other = find().filter(open -> !open.operation().equals(trial.operation()));
    if (other.isPresent()) {
      throw new IOException(
          "a trial of operation " + other.get().operation() + " is open (expected: none)");
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    PrivateFile.sync(folder.resolveSibling("."));
    for (String earlier : new String[] {"rolled-back", "reason", "starts", "back"}) {
      Files.deleteIfExists(folder.resolve(earlier));
    }
    switch (trial.what()) {
      case Trial.What.Version(String from, String to) ->
          Files.createSymbolicLink(folder.resolve("back"), Installation.target(from));
      case Trial.What.Configuration(Path file, boolean hadFormer, String digest) ->
          keepFormer(file, hadFormer);
    }
    PrivateFile.sync(folder);
    PrivateFile.replace(folder.resolve("open"), trial.text());
  }

  private static void keepFormer(Path file, boolean hadFormer) throws IOException {
    Path before = before(file);
    if (hadFormer) {
      Files.deleteIfExists(before);
      Files.copy(file, before, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      PrivateFile.sync(before);
      PrivateFile.sync(before.resolveSibling("."));
    }
  }

  /** Where the guard finds what was there. */
  static Path before(Path file) {
    return file.resolveSibling(file.getFileName() + ".before");
  }

  /** Why the trial of that operation failed; empty when it did not, or is not over. */
  synchronized Optional<String> rolledBack(UUID operation) throws IOException {
    return isOf(operation, text("rolled-back")) ? Optional.of(reason()) : Optional.empty();
  }

  /**
   * Whether the trial is open, and over: the guard, or this sidecar, has decided it, or was in the
   * middle of going back when the machine stopped.
   */
  synchronized boolean isDecided(UUID operation) throws IOException {
    Optional<Trial> open = find().filter(trial -> trial.operation().equals(operation));
    return open.isPresent()
        && (Files.exists(folder.resolve("reason"))
            || open.get().what() instanceof Trial.What.Version
                && !Files.isSymbolicLink(folder.resolve("back")));
  }

  synchronized String reason() throws IOException {
    return text("reason").map(String::strip).filter(text -> !text.isEmpty()).orElse(UNKNOWN);
  }

  /** It has passed. From here on there is no way back. */
  synchronized void confirm(Trial trial) throws IOException {
    Files.deleteIfExists(folder.resolve("open"));
    PrivateFile.sync(folder);
    clear(trial);
  }

  /** It has failed: the guard goes back before the next start. */
  synchronized void giveUp(String why) throws IOException {
    String line = why.replaceAll("\\p{Cntrl}+", " ");
    PrivateFile.replace(
        folder.resolve("reason"),
        line.substring(0, Math.min(line.length(), LONGEST_REASON)) + "\n");
  }

  /** Removes what is left of a trial whose operation has ended. */
  synchronized void settle(UUID operation) throws IOException {
    for (String name : new String[] {"open", "rolled-back"}) {
      Optional<String> text = text(name);
      if (isOf(operation, text)) {
        Files.deleteIfExists(folder.resolve(name));
        PrivateFile.sync(folder);
        Optional<Trial> trial = text.flatMap(Trial::parse);
        if (trial.isPresent()) {
          clear(trial.get());
        }
      }
    }
  }

  private void clear(Trial trial) throws IOException {
    for (String rest : new String[] {"reason", "starts", "back"}) {
      Files.deleteIfExists(folder.resolve(rest));
    }
    if (trial.what() instanceof Trial.What.Configuration configuration) {
      Files.deleteIfExists(before(configuration.file()));
    }
  }

  /**
   * Until the trial must be confirmed. A boot begins the time anew: nothing tells how long the
   * machine was off.
   */
  synchronized Duration left(Trial trial, String boot, Duration uptime) throws IOException {
    Duration began = uptime;
    if (trial.boot().equals(boot)) {
      began = trial.began();
    } else {
      Optional<String> first =
          text("starts").stream()
              .flatMap(String::lines)
              .filter(line -> line.matches("\\Q" + boot + "\\E [0-9]{1,12}"))
              .findFirst();
      if (first.isPresent()) {
        began = Duration.ofSeconds(Long.parseLong(first.get().substring(boot.length() + 1)));
      }
    }
    return trial.within().minus(uptime.minus(began));
  }

  private static boolean isOf(UUID operation, Optional<String> text) {
    return text.isPresent() && text.get().lines().anyMatch(("operation=" + operation)::equals);
  }

  private Optional<String> text(String name) throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(name)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }
}
