package io.easyagent.server.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files in a backup, one after another: the byte 1, the name (relative, its folders with
 * slashes), the size, the bytes. The byte 0 ends them.
 */
final class Entries {
  private static final int FILE = 1;
  private static final int END = 0;
  private static final int BUFFER = 64 * 1024;
  private static final int LONGEST_NAME = 512;
  private static final int MOST_FOLDERS = 8;

  /** No segment begins with a dot: neither up nor hidden. */
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9_-][A-Za-z0-9._@+-]{0,127}(/[A-Za-z0-9_-][A-Za-z0-9._@+-]{0,127})*");

  private Entries() {}

  /** Whether a file of that name can be in a backup. */
  static boolean isName(String name) {
    return name.length() <= LONGEST_NAME
        && name.chars().filter(letter -> letter == '/').count() <= MOST_FOLDERS
        && NAME.matcher(name).matches();
  }

  /** One file, with its bytes still to be read. */
  record Entry(String name, long size) {
    /** Where it belongs below the folder. */
    Path below(Path folder) {
      return folder.resolve(name);
    }
  }

  /** Writes entries; the caller finishes the stream below. */
  static final class Writer {
    private final DataOutputStream out;

    Writer(OutputStream out) {
      this.out = new DataOutputStream(out);
    }

    /**
     * @throws IOException also when there are fewer bytes than said
     */
    void put(String name, long size, InputStream bytes) throws IOException {
      if (!isName(name)) {
        throw new IOException("name of a file: " + name + " (expected: letters and digits)");
      }
      out.writeByte(FILE);
      out.writeUTF(name);
      out.writeLong(size);
      copy(bytes, out, size, name);
    }

    void end() throws IOException {
      out.writeByte(END);
      out.flush();
    }
  }

  /** Reads entries in their order. */
  static final class Reader {
    private final DataInputStream in;

    Reader(InputStream in) {
      this.in = new DataInputStream(in);
    }

    /** The next file, whose bytes must be read with {@link #bytes} first; empty at the end. */
    Optional<Entry> next() throws IOException {
      int kind = in.read();
      if (kind == END) {
        if (in.read() >= 0) {
          throw new IOException("bytes after the end");
        }
        return Optional.empty();
      }
      if (kind != FILE) {
        throw new IOException("entry of kind " + kind + " (expected: a file)");
      }
      Entry entry = new Entry(in.readUTF(), in.readLong());
      if (!isName(entry.name()) || entry.size() < 0) {
        throw new IOException("entry that no backup has");
      }
      return Optional.of(entry);
    }

    void bytes(Entry entry, OutputStream target) throws IOException {
      copy(in, target, entry.size(), entry.name());
    }
  }

  private static void copy(InputStream from, OutputStream to, long size, String name)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = size;
    while (left > 0) {
      int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException(name + ": " + (size - left) + " bytes (expected: " + size + ")");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }
}
