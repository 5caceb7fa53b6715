package io.easyagent.simulator.host;

import io.easyagent.sidecar.operation.OperationId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Who ran what, how often: told by the simulated processes themselves and kept outside of the
 * journals, so that it can convict them. One line {@code OPERATION HOST} for each run, written
 * before the run has any effect. The file outlives a kill of the simulator, not a power cut.
 * Thread-safe.
 */
public final class Witness implements AutoCloseable {
  private final FileChannel file;
  private final Map<UUID, Integer> runs = new HashMap<>();
  private long total;
  private long twice;

  private Witness(FileChannel file) {
    this.file = file;
  }

  /** Takes up what the file holds of earlier lives. */
  public static Witness open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Witness witness = new Witness(channel);
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        witness.count(UUID.fromString(line.substring(0, line.indexOf(' '))));
      }
    } catch (IOException | RuntimeException unreadable) {
      channel.close();
      throw new IOException(path + ": no witness: " + unreadable, unreadable);
    }
    return witness;
  }

  /** A process of this operation runs on this host. */
  synchronized void ran(OperationId operation, String host) {
    ByteBuffer line =
        ByteBuffer.wrap((operation + " " + host + "\n").getBytes(StandardCharsets.US_ASCII));
    try {
      while (line.hasRemaining()) {
        file.write(line);
      }
    } catch (IOException failure) {
      // A run without its witness would prove nothing: it fails before it has an effect.
      throw new IllegalStateException("witness: not written: " + failure, failure);
    }
    count(operation.value());
  }

  private void count(UUID operation) {
    total++;
    if (runs.merge(operation, 1, Integer::sum) == 2) {
      twice++;
    }
  }

  /** How often an operation was run, in all lives of the simulator. */
  public synchronized int runs(UUID operation) {
    return runs.getOrDefault(operation, 0);
  }

  /** All runs. */
  public synchronized long total() {
    return total;
  }

  /** The operations that were run more than once. */
  public synchronized long twice() {
    return twice;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
