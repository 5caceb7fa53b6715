package io.easyagent.sidecar.journal.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

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
   * Opens a file for each frame, at the price of one more system call before and one after the
   * sync: for a process that has more journals than it may have open files.
   *
   * @param most files that are open at once; whoever comes later waits
   */
  static Opener reopening(int most) {
    Semaphore places = new Semaphore(most);
    return path ->
        new FrameWriter() {
          @Override
          public void write(long position, byte[] bytes) throws IOException {
            places.acquireUninterruptibly();
            try (FrameWriter once = held(path)) {
              once.write(position, bytes);
            } finally {
              places.release();
            }
          }

          @Override
          public void close() {
            // Nothing is held.
          }
        };
  }
}
