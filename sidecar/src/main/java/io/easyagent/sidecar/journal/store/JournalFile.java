package io.easyagent.sidecar.journal.store;

import io.easyagent.sidecar.journal.Journal.JournalException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One preallocated file of the journal: a header, then frames, then zeros.
 *
 * <pre>
 * header  magic, format version, file number, first sequence, file size, CRC32C
 * frame   length, CRC32C, sequence, payload; begins at a multiple of 8
 * </pre>
 *
 * <p>Writing stays within the file's first size, so that it needs no room on the disk. Each frame
 * is synced before the next is written: only the last can be torn. A checksum covers the file's
 * number, so that what was in the file before never passes for a frame. For one thread.
 */
final class JournalFile implements AutoCloseable {
  static final int HEADER = 64;
  static final int FRAME_HEADER = 16;
  private static final int FORMAT = 1;
  private static final long MAGIC = 0x4541_4a4f_5552_4e4cL;
  private static final byte[] ZEROS = new byte[1 << 16];

  private final Path path;
  private final long number;
  private final long size;
  private final FrameWriter frames;
  private long position;
  private long nextSequence;

  private JournalFile(
      Path path, long number, long size, FrameWriter frames, long position, long sequence) {
    this.path = path;
    this.number = number;
    this.size = size;
    this.frames = frames;
    this.position = position;
    this.nextSequence = sequence;
  }

  /** Hears each frame's payload, in order. */
  interface Reader {
    void frame(ByteBuffer payload) throws JournalException;
  }

  /** Writes zeros over all of a file, so that its room is its own, and syncs it. */
  static void preallocate(Path path, long size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      zero(file, 0, size);
      file.setLength(size);
      file.getFD().sync();
    }
  }

  /** Zeros what a file that is no longer needed held, and syncs it. */
  static void erase(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      zero(file, 0, file.length());
      file.getFD().sync();
    }
  }

  /** Begins a file in a preallocated one. Nothing is synced before the first frame. */
  static JournalFile begin(Path path, long number, long firstSequence, FrameWriter.Opener frames)
      throws IOException {
    long size;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      size = file.length();
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      header.putLong(MAGIC).putInt(FORMAT).putInt(0);
      header.putLong(number).putLong(firstSequence).putLong(size);
      header.putInt(headerChecksum(header));
      file.seek(0);
      file.write(header.array());
    }
    return new JournalFile(path, number, size, frames.open(path), HEADER, firstSequence);
  }

  /**
   * Reads a file to its end, and opens it for more. A torn last frame is cut off.
   *
   * @throws JournalException when it is damaged anywhere else; it was not changed
   */
  static JournalFile open(Path path, Reader reader, FrameWriter.Opener frames)
      throws IOException, JournalException {
    JournalScan scan;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ByteBuffer content =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
      scan = scan(path, content, reader);
    } catch (InternalError unreadable) {
      // How the JVM reports that a page of a mapped file could not be read.
      throw new JournalException("journal " + path + ": cannot be read", unreadable);
    }
    if (scan.tornUntil() > scan.end()) {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        zero(file, scan.end(), scan.tornUntil() - scan.end());
        file.getFD().sync();
      }
    }
    return new JournalFile(
        path, scan.number(), scan.size(), frames.open(path), scan.end(), scan.nextSequence());
  }

  private static JournalScan scan(Path path, ByteBuffer content, Reader reader)
      throws JournalException {
    if (content.capacity() < HEADER) {
      throw new JournalException(
          "journal " + path + ": " + content.capacity() + " bytes (expected: a header)");
    }
    ByteBuffer header = content.slice(0, HEADER);
    long magic = header.getLong();
    int format = header.getInt();
    header.getInt();
    long number = header.getLong();
    long sequence = header.getLong();
    long size = header.getLong();
    if (magic != MAGIC || header.getInt() != headerChecksum(header.duplicate())) {
      throw new JournalException("journal " + path + ": its header is damaged");
    }
    if (format != FORMAT) {
      throw new JournalException(
          "journal " + path + ": format " + format + " (expected: " + FORMAT + ")");
    }
    if (size != content.capacity()) {
      throw new JournalException(
          "journal " + path + ": " + content.capacity() + " bytes (expected: " + size + ")");
    }
    return JournalScan.scan(path, content, number, sequence, reader);
  }

  Path path() {
    return path;
  }

  long number() {
    return number;
  }

  long nextSequence() {
    return nextSequence;
  }

  /** Bytes that frames have used. */
  long used() {
    return position;
  }

  boolean fits(int payload) {
    return position + FRAME_HEADER + aligned(payload) <= size;
  }

  /** Writes a frame and returns once it is on disk. It must fit. */
  void append(byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + payload.length);
    frame.putInt(payload.length);
    frame.putInt(checksum(number, nextSequence, ByteBuffer.wrap(payload)));
    frame.putLong(nextSequence);
    frame.put(payload);
    frames.write(position, frame.array());
    position += FRAME_HEADER + aligned(payload.length);
    nextSequence++;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }

  static long aligned(int length) {
    return (length + 7L) & ~7L;
  }

  static int checksum(long number, long sequence, ByteBuffer payload) {
    CRC32C checksum = new CRC32C();
    ByteBuffer prefix = ByteBuffer.allocate(20);
    prefix.putLong(number).putLong(sequence).putInt(payload.remaining()).flip();
    checksum.update(prefix);
    checksum.update(payload.duplicate());
    return (int) checksum.getValue();
  }

  private static int headerChecksum(ByteBuffer header) {
    CRC32C checksum = new CRC32C();
    checksum.update(header.duplicate().position(0).limit(40));
    return (int) checksum.getValue();
  }

  private static void zero(RandomAccessFile file, long from, long length) throws IOException {
    file.seek(from);
    for (long left = length; left > 0; left -= ZEROS.length) {
      file.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
    }
  }
}
