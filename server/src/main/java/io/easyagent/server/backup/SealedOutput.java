package io.easyagent.server.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;

/** Encrypts what is written, one chunk in memory. Only {@link #finish} makes it a whole backup. */
final class SealedOutput extends OutputStream {
  private final OutputStream out;
  private final Seal seal;
  private final byte[] chunk = new byte[Seal.CHUNK];
  private int filled;

  /** Writes the header. */
  SealedOutput(OutputStream out, SealHeader header, char[] passphrase) throws IOException {
    this.out = out;
    this.seal = new Seal(header, passphrase);
    out.write(header.encoded());
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      // Kept until more comes: the last chunk must know that it is.
      if (filled == chunk.length) {
        seal(false);
      }
      int part = Math.min(left, chunk.length - filled);
      System.arraycopy(bytes, from, chunk, filled, part);
      filled += part;
      from += part;
      left -= part;
    }
  }

  /** Writes the last chunk. Nothing can be written after it. */
  void finish() throws IOException {
    seal(true);
    out.flush();
  }

  private void seal(boolean last) throws IOException {
    try {
      out.write(seal.seal(chunk, filled, last));
      filled = 0;
    } catch (GeneralSecurityException impossible) {
      throw new IOException("encryption: " + impossible.getMessage(), impossible);
    }
  }
}
