package io.easyagent.sidecar;

import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.PrepareException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is kept of an agent's output, read on the host itself, whether or not a sidecar runs: the
 * bytes as they are, as {@code cat} and {@code tail -f} would show them if nothing were rotated.
 */
final class ShownLog {
  private static final int AT_ONCE = 64 << 10;

  private final HostFolders folders;
  private final PrintStream out;
  private final PrintStream err;
  private final Pause pause;

  /** Waits a moment. */
  interface Pause {
    void run() throws InterruptedException;
  }

  /**
   * @param data absolute
   * @param err hears what was not kept
   * @param pause between two looks for more
   */
  ShownLog(Path data, PrintStream out, PrintStream err, Pause pause) {
    this.folders = new HostFolders(data);
    this.out = out;
    this.err = err;
    this.pause = pause;
  }

  /**
   * Returns at the end of what there is; one that follows returns when nobody reads any more.
   *
   * @throws IOException also when the host has no such agent
   */
  void run(Invocation.ShowLog wanted) throws IOException, InterruptedException {
    KeptLog log = find(wanted.agent());
    long position = wanted.begin().offset(log, log.end());
    ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE);
    while (true) {
      try {
        int read = log.read(position, bytes.clear());
        if (read > 0) {
          out.write(bytes.array(), 0, read);
          position += read;
          continue;
        }
      } catch (KeptLog.GoneException gone) {
        err.println("easyagent-sidecar: " + (gone.begin() - position) + " bytes were not kept");
        position = gone.begin();
        continue;
      } catch (KeptLog.BeyondEndException truncated) {
        err.println("easyagent-sidecar: the agent has truncated its log");
        position = log.begin();
        continue;
      }
      // Tells also whether anybody reads it still.
      if (out.checkError() || !wanted.follow()) {
        return;
      }
      pause.run();
    }
  }

  private KeptLog find(String agent) throws IOException {
    try {
      Path folder = folders.agent(agent).logs();
      if (Files.isDirectory(folder)) {
        return KeptLog.of(folder, agent);
      }
    } catch (PrepareException wrongName) {
      throw new IOException("agent: " + wrongName.getMessage(), wrongName);
    }
    throw new IOException("agent: " + agent + " (expected: " + names() + ")");
  }

  private String names() throws IOException {
    if (!Files.isDirectory(folders.agents())) {
      return "none: this host has no agent";
    }
    try (Stream<Path> all = Files.list(folders.agents())) {
      return all.map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .collect(Collectors.joining(", ", "one of ", ""));
    }
  }
}
