package io.easyagent.cli.artifact;

import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes the POSIX.1-1988 "ustar" format: 512-byte blocks, a header before each entry, two empty
 * blocks at the end.
 */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final int PREFIX_LENGTH = 155;
  private static final int PREFIX_START = 345;
  private static final int LINK_START = 157;
  private static final int CHECKSUM_START = 148;
  private static final int CHECKSUM_END = 156;
  private static final long LARGEST_FILE = (1L << 33) - 1;
  private static final int PLAIN_MODE = 0644;
  private static final int EXECUTABLE_MODE = 0755;

  private final OutputStream out;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  void folder(String name) throws IOException {
    out.write(header(name, EXECUTABLE_MODE, 0, '5', ""));
  }

  void link(String name, String target) throws IOException {
    out.write(header(name, 0777, 0, '2', target));
  }

  void file(String name, Path content, boolean executable) throws IOException {
    long size = Files.size(content);
    if (size > LARGEST_FILE) {
      throw CommandException.usage(
          content + ": " + size + " bytes (expected: at most " + LARGEST_FILE + ")");
    }
    out.write(header(name, executable ? EXECUTABLE_MODE : PLAIN_MODE, size, '0', ""));
    long written;
    try (InputStream in = Files.newInputStream(content)) {
      written = in.transferTo(out);
    }
    if (written != size) {
      throw CommandException.failed(content + ": changed while it was packed; pack it again");
    }
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  void end() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private static byte[] header(String name, int mode, long size, char type, String link) {
    byte[] header = new byte[BLOCK];
    int split = split(name);
    put(header, 0, NAME_LENGTH, name.substring(split));
    put(header, PREFIX_START, PREFIX_LENGTH, split == 0 ? "" : name.substring(0, split - 1));
    octal(header, 100, 8, mode);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, size);
    octal(header, 136, 12, 0);
    header[156] = (byte) type;
    put(header, LINK_START, NAME_LENGTH, link);
    put(header, 257, 8, "ustar\u000000");
    put(header, 265, 32, "root");
    put(header, 297, 32, "root");
    Arrays.fill(header, CHECKSUM_START, CHECKSUM_END, (byte) ' ');
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    octal(header, CHECKSUM_START, 7, sum);
    return header;
  }

  /** Where the part begins that stands in the name field; what is before goes to the prefix. */
  private static int split(String name) {
    if (FolderArchive.fits(name, NAME_LENGTH)) {
      return 0;
    }
    for (int slash = name.indexOf('/');
        slash >= 0 && slash < name.length() - 1;
        slash = name.indexOf('/', slash + 1)) {
      if (FolderArchive.fits(name.substring(slash + 1), NAME_LENGTH)
          && FolderArchive.fits(name.substring(0, slash), PREFIX_LENGTH)) {
        return slash + 1;
      }
    }
    throw CommandException.usage(
        name + ": too long a path (expected: at most 100 bytes, or 255 with folders)");
  }

  private static void put(byte[] header, int start, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > length) {
      throw CommandException.usage(
          "link target: " + text + " (expected: at most " + length + " bytes)");
    }
    System.arraycopy(bytes, 0, header, start, bytes.length);
  }

  private static void octal(byte[] header, int start, int length, long value) {
    String digits = Long.toOctalString(value);
    String padded = "0".repeat(length - 1 - digits.length()) + digits;
    put(header, start, length, padded);
  }
}
