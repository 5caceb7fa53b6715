package io.easyagent.sidecar.log;

import io.easyagent.sidecar.log.StoredMarks.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Where {@link StoredMarks} are stored: a head, and a slot for each mark, each with its sum. A slot
 * is written once; a file with other marks takes the place of the one before. So who reads, also in
 * another process, gets marks that were all there at one time, but perhaps the last. Follows no
 * link.
 */
final class TimesFile {
  private static final long FORM = 0x6561_2d74_696d_6531L; // "ea-time1"
  private static final int SLOT = 4 * Long.BYTES;
  private static final int HEAD = 6 * Long.BYTES;
  private static final int LARGEST = HEAD + LogMarks.MOST * SLOT;

  private final Path file;
  private final Path unfinished;

  TimesFile(Path file) {
    this.file = file;
    this.unfinished = file.resolveSibling(file.getFileName() + ".new");
  }

  boolean exists() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Empty also when what is there is no such file. What is no mark in it is left out. */
  Optional<StoredMarks> read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LARGEST);
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // One read need not give all.
        continue;
      }
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    return decode(bytes.flip());
  }

  private static Optional<StoredMarks> decode(ByteBuffer bytes) {
    if (bytes.limit() < HEAD || bytes.getLong(0) != FORM || !isWhole(bytes, 0, HEAD)) {
      return Optional.empty();
    }
    Origin origin =
        new Origin(
            bytes.getLong(Long.BYTES),
            bytes.getLong(2 * Long.BYTES),
            bytes.getLong(3 * Long.BYTES));
    List<LogMark> marks = new ArrayList<>();
    // What is cut short has a slot too.
    int slots = Math.ceilDiv(bytes.limit() - HEAD, SLOT);
    for (int at = HEAD; at + SLOT <= bytes.limit(); at += SLOT) {
      LogMark mark =
          new LogMark(
              bytes.getLong(at),
              bytes.getLong(at + Long.BYTES),
              Instant.ofEpochMilli(bytes.getLong(at + 2 * Long.BYTES)));
      boolean goesOn =
          marks.isEmpty()
              ? mark.number() > 0 && mark.offset() > 0
              : mark.number() > marks.getLast().number()
                  && mark.offset() > marks.getLast().offset();
      if (goesOn && isWhole(bytes, at, SLOT)) {
        marks.add(mark);
      }
    }
    return Optional.of(
        new StoredMarks(origin, bytes.getLong(4 * Long.BYTES), new LogMarks(marks), slots));
  }

  /**
   * In place of what was there.
   *
   * @param durable whether it is on disk on return; a kill -9 of this process loses it in no case
   */
  void write(Origin origin, long boot, LogMarks marks, boolean durable) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + marks.size() * SLOT);
    bytes
        .putLong(FORM)
        .putLong(origin.inode())
        .putLong(origin.base())
        .putLong(origin.truncations())
        .putLong(boot)
        .putLong(sum(bytes, 0, HEAD));
    marks.marks().forEach(mark -> encode(mark, bytes));
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      write(channel, 0, bytes.flip());
      if (durable) {
        channel.force(true);
      }
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    if (durable) {
      try (FileChannel folder =
          FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /**
   * A kill -9 of this process does not lose it, a power cut may.
   *
   * @throws NoSuchFileException when there is no file
   */
  void append(LogMark mark, int slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT);
    encode(mark, bytes);
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
      write(channel, HEAD + (long) slot * SLOT, bytes.flip());
    }
  }

  private static void write(FileChannel channel, long position, ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, position + bytes.position());
    }
  }

  /** Also what a killed sidecar has left. */
  void remove() throws IOException {
    Files.deleteIfExists(unfinished);
    Files.deleteIfExists(file);
  }

  private static void encode(LogMark mark, ByteBuffer into) {
    int start = into.position();
    into.putLong(mark.number()).putLong(mark.offset()).putLong(mark.time().toEpochMilli());
    into.putLong(sum(into, start, SLOT));
  }

  private static boolean isWhole(ByteBuffer bytes, int start, int length) {
    return bytes.getLong(start + length - Long.BYTES) == sum(bytes, start, length);
  }

  /** Of all but the last eight bytes, which take it. Never that of zeros, which are zeros. */
  private static long sum(ByteBuffer bytes, int start, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), start, length - Long.BYTES);
    return crc.getValue();
  }
}
