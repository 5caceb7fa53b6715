package io.easyagent.sidecar.log;

import io.easyagent.sidecar.linux.FileHoles;
import io.easyagent.sidecar.log.Layout.Head;
import io.easyagent.sidecar.log.Layout.Live;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The files of one agent's log: their names, and how they are read. Follows no link. */
final class LogFiles {
  private static final String COMPRESSED = ".gz";
  private static final Pattern OFFSET = Pattern.compile("(\\d{20})(\\.gz)?");
  private static final int TRIES = 100;
  private static final int LONGEST_BLOCK = 64 << 10;

  private final Path folder;
  private final String name;

  /**
   * @param agent its name
   */
  LogFiles(Path folder, String agent) {
    this.folder = folder;
    this.name = agent + ".log";
  }

  Path folder() {
    return folder;
  }

  /** The file that the agent writes. */
  Path live() {
    return folder.resolve(name);
  }

  /** What is not a rotated file yet. Nobody reads it. */
  Path unfinished() {
    return folder.resolve(name + ".new");
  }

  /** The name begins with a dot, so that who removes old logs by a pattern spares it. */
  StateFile state() {
    return new StateFile(folder.resolve("." + name + ".state"));
  }

  /** When how much of it had been written. */
  TimesFile times() {
    return new TimesFile(folder.resolve("." + name + ".times"));
  }

  Path rotated(long start) {
    return folder.resolve("%s.%020d".formatted(name, start));
  }

  Path compressed(long start) {
    return folder.resolve("%s.%020d%s".formatted(name, start, COMPRESSED));
  }

  Path pathOf(RotatedFile file) {
    return file.compressed() ? compressed(file.start()) : rotated(file.start());
  }

  Live findLive() throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(live(), "unix:ino,size,isRegularFile", LinkOption.NOFOLLOW_LINKS);
      if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
        throw new IOException(live() + " is no file (expected: what the sidecar has made)");
      }
      return new Live(number(found, "ino"), number(found, "size"));
    } catch (NoSuchFileException none) {
      return Live.NONE;
    }
  }

  private static long number(Map<String, Object> found, String name) {
    return (long) Objects.requireNonNull(found.get(name), name);
  }

  FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** As things stand, also beside a rotation: what was changed while it was read is read again. */
  Layout layout() throws IOException {
    for (int each = 1; ; each++) {
      Optional<LogState> before = state().find();
      try {
        Layout layout = layout(before);
        if (state().find().equals(before)) {
          return layout;
        }
      } catch (NoSuchFileException changing) {
        if (each == TRIES) {
          throw changing;
        }
      }
      if (each == TRIES) {
        throw new IOException(live() + " changes all the time");
      }
    }
  }

  private Layout layout(Optional<LogState> stored) throws IOException {
    TreeMap<Long, RotatedFile> files = list();
    Live live = findLive();
    if (stored.isEmpty()) {
      return new Layout(
          recover(files, live), stored, files.values().stream().toList(), live.size());
    }
    LogState state = stored.get();
    Head head = live.inode() == state.inode() ? head(state, files) : Head.EXPECTED;
    Layout layout = Layout.of(state, files.values().stream().toList(), live, head);
    boolean moreRotated =
        layout.state().base() == state.base() && layout.state().rotated() > state.rotated();
    return moreRotated && state.freed() == 0
        ? layout.withHead(headSum(layout.state().rotated()))
        : layout;
  }

  private TreeMap<Long, RotatedFile> list() throws IOException {
    TreeMap<Long, RotatedFile> files = new TreeMap<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            folder, entry -> entry.getFileName().toString().startsWith(name))) {
      for (Path entry : entries) {
        String own = entry.getFileName().toString();
        Matcher offset = OFFSET.matcher(own.substring(Math.min(own.length(), name.length() + 1)));
        if (own.startsWith(name + ".") && offset.matches()) {
          add(files, entry, Long.parseLong(offset.group(1)), offset.group(2) != null);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return files;
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return files;
  }

  /** A file that is compressed has both forms for a moment: it counts as not compressed. */
  private static void add(
      TreeMap<Long, RotatedFile> files, Path entry, long start, boolean compressed)
      throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (found.isRegularFile()) {
      RotatedFile file =
          new RotatedFile(start, found.size(), found.lastModifiedTime().toInstant(), compressed);
      files.merge(start, file, (one, other) -> one.compressed() ? other : one);
    }
  }

  private Head head(LogState stored, TreeMap<Long, RotatedFile> files) throws IOException {
    RotatedFile unnoted = files.get(stored.liveStart());
    if (unnoted != null && !unnoted.compressed()) {
      int length = (int) Math.min(Layout.SAMPLE, unnoted.size());
      return Arrays.equals(
              sample(pathOf(unnoted), 0, length), sample(live(), stored.rotated(), length))
          ? Head.EXPECTED
          : Head.WRITTEN_ANEW;
    }
    boolean zeros = stored.freed() > 0;
    int length = (int) Math.min(Layout.SAMPLE, zeros ? stored.freed() : stored.rotated());
    if (length == 0) {
      return Head.EXPECTED;
    }
    byte[] sample = sample(live(), 0, length);
    return isZero(sample) || !zeros && sum(sample) == stored.head()
        ? Head.EXPECTED
        : Head.WRITTEN_ANEW;
  }

  /** Shorter where the file is. */
  private byte[] sample(Path file, long position, int length) throws IOException {
    byte[] sample = new byte[length];
    int read = read(file, position, ByteBuffer.wrap(sample));
    return Arrays.copyOf(sample, read);
  }

  /** The sum of the first bytes, for the state of a file of which this much is rotated. */
  long headSum(long rotated) throws IOException {
    return sum(sample(live(), 0, (int) Math.min(Layout.SAMPLE, rotated)));
  }

  private static long sum(byte[] sample) {
    CRC32 crc = new CRC32();
    crc.update(sample);
    return crc.getValue();
  }

  private static boolean isZero(byte[] sample) {
    for (byte each : sample) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** Fills the buffer as far as the file goes; returns how many bytes that were. */
  int read(Path file, long position, ByteBuffer into) throws IOException {
    int before = into.position();
    try (FileChannel channel = open(file)) {
      while (into.hasRemaining()) {
        if (channel.read(into, position + into.position() - before) < 0) {
          break;
        }
      }
    }
    return into.position() - before;
  }

  /**
   * Without a state, as of a log that was never rotated, or whose state somebody has removed: the
   * file's hole tells what is rotated of it.
   */
  private LogState recover(TreeMap<Long, RotatedFile> files, Live live) throws IOException {
    long hole = live.exists() ? hole(live) : 0;
    long end = files.isEmpty() ? 0 : end(files.lastEntry().getValue());
    long base = hole > 0 ? Math.max(0, end - hole) : end;
    return new LogState(live.inode(), base, hole, hole, 0, false, 0, 0);
  }

  private long hole(Live live) throws IOException {
    long data = FileHoles.firstData(live());
    if (data == 0) {
      return 0;
    }
    byte[] block = new byte[LONGEST_BLOCK];
    int length = read(live(), data, ByteBuffer.wrap(block));
    int zeros = 0;
    while (zeros < length && block[zeros] == 0) {
      zeros++;
    }
    return Math.min(live.size(), data + zeros);
  }

  /** RFC 1952: a compressed file ends with its length before, modulo 2^32. */
  private long end(RotatedFile file) throws IOException {
    if (!file.compressed()) {
      return file.plainEnd();
    }
    ByteBuffer trailer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int unused = read(pathOf(file), Math.max(0, file.size() - Integer.BYTES), trailer);
    return file.start() + Integer.toUnsignedLong(trailer.getInt(0));
  }
}
