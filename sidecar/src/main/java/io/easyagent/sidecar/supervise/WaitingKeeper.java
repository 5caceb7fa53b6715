package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A keeper in a launch's cgroup that waits to be told what to launch: it knows nothing of that yet,
 * and ends by itself when this sidecar does. Used by one thread at a time.
 */
final class WaitingKeeper {
  private static final long END_PATIENCE_SECONDS = 1;

  private final Proc proc;
  private final Process process;
  private final ProcessIdentity identity;
  private final UUID launch;
  private final Place place;
  private final List<String> conditions;
  private boolean released;

  /**
   * What a keeper has from its start on.
   *
   * @param name of its cgroup
   * @param folderKey tells the working folder from another one that has its name later
   * @param outputKey the same of the output
   */
  record Place(String name, Path workingFolder, Object folderKey, Path output, Object outputKey) {
    /** As the files are now. */
    static Place of(LaunchRequest request) throws IOException {
      return new Place(
          request.name(),
          request.workingFolder(),
          key(request.workingFolder()),
          request.output(),
          key(request.output(), LinkOption.NOFOLLOW_LINKS));
    }

    private static Object key(Path file, LinkOption... options) throws IOException {
      return Files.readAttributes(file, BasicFileAttributes.class, options).fileKey();
    }
  }

  /**
   * @param launch the id that all that it launches carries in its environment
   * @param conditions what the host could not give
   */
  WaitingKeeper(
      Proc proc,
      Process process,
      ProcessIdentity identity,
      UUID launch,
      Place place,
      List<String> conditions) {
    this.proc = proc;
    this.process = process;
    this.identity = identity;
    this.launch = launch;
    this.place = place;
    this.conditions = List.copyOf(conditions);
  }

  ProcessIdentity identity() {
    return identity;
  }

  UUID launch() {
    return launch;
  }

  List<String> conditions() {
    return conditions;
  }

  /** Whether it waits still, and where this request wants it. */
  boolean fits(LaunchRequest request) {
    try {
      return place.equals(Place.of(request))
          && proc.findStat(identity).filter(stat -> !stat.hasEnded()).isPresent();
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Lets it launch. In one write: what fits into a pipe is there whole, even when the sidecar dies
   * now.
   *
   * @param told run once it may have begun
   * @return the process that it has launched
   */
  ProcessIdentity release(byte[] go, Runnable told) throws IOException {
    released = true;
    process.getOutputStream().write(go);
    process.getOutputStream().flush();
    told.run();
    try (BufferedReader reader =
        new BufferedReader(process.inputReader(StandardCharsets.US_ASCII), 64)) {
      String line = reader.readLine();
      if (line == null || !line.matches("[0-9]{1,9}")) {
        throw new LaunchException("the keeper answered " + line + " (expected: a process number)");
      }
      int pid = Integer.parseInt(line);
      return proc.findStat(pid)
          .map(ProcStat::identity)
          .orElseThrow(() -> new LaunchException("process " + pid + " is gone with its keeper"));
    }
  }

  /** Nothing more is said to it. */
  void leave() {
    try {
      process.getOutputStream().close();
    } catch (IOException ended) {
      // It has closed its end: nothing is lost.
      return;
    }
  }

  /** Ends it, whatever it was told. */
  void kill() {
    process.destroyForcibly();
    leave();
  }

  /** Ends it unless it was released; it is in no cgroup any more on return. */
  void dismiss() {
    if (released) {
      return;
    }
    kill();
    try {
      var unused = process.waitFor(END_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }
}
