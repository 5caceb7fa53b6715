package io.easyagent.sidecar.logstream;

/** Where UTF-8 may be cut. */
final class Characters {
  private static final int LONGEST = 4;

  private Characters() {}

  /** How many of the bytes are whole characters; all of them where they are no UTF-8. */
  static int whole(byte[] bytes, int length) {
    for (int back = 1; back <= Math.min(LONGEST, length); back++) {
      int lead = bytes[length - back] & 0xff;
      if (lead < 0x80) {
        return length;
      }
      if (lead >= 0xc0) {
        int size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        return size > back && back < length ? length - back : length;
      }
    }
    return length;
  }
}
