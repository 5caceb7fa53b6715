package io.easyagent.sidecar.log;

import io.easyagent.sidecar.log.LogState.Numbered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where a {@link LogState} is stored: two slots that are written in turn, each over the one before
 * the last. So a full disk does not keep a state from being written, and one that is cut short
 * leaves the other.
 */
final class StateFile {
  private static final int SLOT = 512;
  private static final int SLOTS = 2;

  private final Path file;

  StateFile(Path file) {
    this.file = file;
  }

  /** Empty also when what is there is no state. */
  Optional<LogState> find() throws IOException {
    return newest().map(Numbered::state);
  }

  private Optional<Numbered> newest() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT * SLOTS);
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // One read need not give all.
        continue;
      }
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    return IntStream.range(0, SLOTS)
        .mapToObj(slot -> Arrays.copyOfRange(bytes.array(), slot * SLOT, (slot + 1) * SLOT))
        .map(LogState::decode)
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(Numbered::number));
  }

  /**
   * @param durable whether it is on disk on return; a kill -9 of this process loses it in no case
   */
  void store(LogState state, boolean durable) throws IOException {
    long number = newest().map(Numbered::number).orElse(0L) + 1;
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer line = ByteBuffer.wrap(state.encode(number, SLOT));
      long position = number % SLOTS * SLOT;
      while (line.hasRemaining()) {
        channel.write(line, position + line.position());
      }
      if (durable) {
        channel.force(true);
      }
    }
  }
}
