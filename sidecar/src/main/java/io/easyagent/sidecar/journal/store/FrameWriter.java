package io.easyagent.sidecar.journal.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Where the frames of one of the journal's files go. For one thread. */
public interface FrameWriter extends AutoCloseable {

  /** Writes bytes at a position within the file and returns once they are on disk. */
  void write(long position, byte[] bytes) throws IOException;

  @Override
  void close() throws IOException;

  /** Opens files that exist. */
  interface Opener {
    FrameWriter open(Path file) throws IOException;
  }

  /** Keeps the file open: nothing but the write and its sync is done for a frame. */
  static FrameWriter held(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    return new FrameWriter() {
      @Override
      public void write(long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
        file.getFD().sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /**
   * Opens the file for each frame, at the price of one more system call before and one after the
   * sync: for a process that has more journals than it may have open files.
   */
  static FrameWriter reopening(Path path) {
    return new FrameWriter() {
      @Override
      public void write(long position, byte[] bytes) throws IOException {
        try (FrameWriter once = held(path)) {
          once.write(position, bytes);
        }
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }
}
