package io.easyagent.acceptance.operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A .tar.gz as nobody well-meaning would write it: every header is what the test asks for. */
final class Archive {
  private static final int BLOCK = 512;

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char CHARACTER_DEVICE = '3';

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final OutputStream out;

  Archive() throws IOException {
    out = new GZIPOutputStream(bytes);
  }

  Archive file(String name, String content) throws IOException {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    header(name, FILE, data.length, "");
    out.write(data);
    out.write(new byte[(BLOCK - data.length % BLOCK) % BLOCK]);
    return this;
  }

  /** A file of that many zeros, which take next to no room in the archive. */
  Archive zeros(String name, int mebibytes) throws IOException {
    header(name, FILE, (long) mebibytes << 20, "");
    byte[] mebibyte = new byte[1 << 20];
    for (int i = 0; i < mebibytes; i++) {
      out.write(mebibyte);
    }
    return this;
  }

  Archive special(String name, char type, String target) throws IOException {
    header(name, type, 0, target);
    return this;
  }

  byte[] end() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
    return bytes.toByteArray();
  }

  private void header(String name, char type, long size, String target) throws IOException {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000755\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0" + "        " + type);
    put(header, 157, target);
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    out.write(header);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] field = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(field, 0, header, offset, field.length);
  }
}
