package io.easyagent.acceptance.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The wall clock of one process: whatever asks the C library for the time of day is told the
 * machine's, so much later. The monotonic clock stays as it is, as it does when a real clock is
 * set.
 */
final class WallClock {
  private static final String SOURCE = "wallclock.c";

  private final Path library;
  private final Path file;
  private final MappedByteBuffer seconds;

  private WallClock(Path library, Path file) throws IOException {
    this.library = library;
    this.file = file;
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      seconds = opened.getChannel().map(MapMode.READ_WRITE, 0, Long.BYTES);
      seconds.order(ByteOrder.nativeOrder());
    }
  }

  /** Makes such clocks. */
  static final class Maker {
    private final Path library;

    /**
     * @throws IOException when there is no C compiler
     */
    Maker(Path folder) throws IOException, InterruptedException {
      Path source = folder.resolve(SOURCE);
      library = folder.resolve("wallclock.so");
      try (InputStream text = WallClock.class.getResourceAsStream(SOURCE)) {
        Files.copy(Objects.requireNonNull(text), source, StandardCopyOption.REPLACE_EXISTING);
      }
      Shell.run("cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString());
    }

    WallClock make(Path file) throws IOException {
      return new WallClock(library, file);
    }
  }

  /** What a process is started with that is to live by this clock. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "WALLCLOCK", file.toString());
  }

  /** From now on it is so much later than on the machine, or earlier. */
  void set(Duration later) {
    // One store of an aligned word: nobody reads half of it.
    ByteBuffer unused = seconds.putLong(0, later.toSeconds());
  }
}
