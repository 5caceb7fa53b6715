package io.easyagent.server.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;

/**
 * Decrypts a backup, one chunk in memory. Gives out no byte that is not authenticated, and the end
 * only when it is the authenticated one: reads throw a {@link DamagedException} otherwise.
 */
final class SealedInput extends InputStream {
  private final BufferedInputStream in;
  private final Seal seal;
  private byte[] chunk = new byte[0];
  private int position;
  private boolean ended;

  /** What was read is not what was written. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /** Reads the header. */
  SealedInput(InputStream in, char[] passphrase) throws IOException, BackupException {
    this.in = new BufferedInputStream(in, 2 * Seal.CHUNK);
    this.seal = new Seal(SealHeader.read(this.in), passphrase);
  }

  @Override
  public int read() throws IOException {
    return fill() ? Byte.toUnsignedInt(chunk[position++]) : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int part = Math.min(length, chunk.length - position);
    System.arraycopy(chunk, position, bytes, offset, part);
    position += part;
    return part;
  }

  /** Whether there is a byte to be given out. */
  private boolean fill() throws IOException {
    while (position == chunk.length) {
      if (ended) {
        return false;
      }
      byte[] sealed = in.readNBytes(Seal.CHUNK + Seal.TAG);
      ended = isAtEnd();
      chunk = open(sealed);
      position = 0;
    }
    return true;
  }

  private boolean isAtEnd() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return true;
    }
    in.reset();
    return false;
  }

  private byte[] open(byte[] sealed) throws DamagedException {
    long place = seal.position();
    try {
      return seal.open(sealed, sealed.length, ended);
    } catch (GeneralSecurityException different) {
      if (place == 0) {
        throw new DamagedException("wrong passphrase, or the backup was changed at its beginning");
      }
      throw new DamagedException(
          ended
              ? "the backup was cut off, or changed, at byte %d".formatted(place * Seal.CHUNK)
              : "the backup was changed at byte %d".formatted(place * Seal.CHUNK));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
