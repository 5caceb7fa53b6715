package io.easyagent.sidecar.identity;

import java.io.ByteArrayOutputStream;

/** The little of DER that a certificate request needs. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int CONTEXT_0 = 0xa0;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, concatenated(parts));
  }

  /** A constructed, context-specific value with tag 0. */
  static byte[] context0(byte[]... parts) {
    return value(CONTEXT_0, concatenated(parts));
  }

  static byte[] zero() {
    return value(INTEGER, new byte[] {0});
  }

  /** A bit string of whole bytes. */
  static byte[] bitString(byte[] bytes) {
    return value(BIT_STRING, concatenated(new byte[] {0}, bytes));
  }

  /**
   * @param encoded the identifier's contents as DER encodes them
   */
  static byte[] objectIdentifier(int... encoded) {
    byte[] contents = new byte[encoded.length];
    for (int index = 0; index < encoded.length; index++) {
      contents[index] = (byte) encoded[index];
    }
    return value(OBJECT_IDENTIFIER, contents);
  }

  private static byte[] value(int tag, byte[] contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (contents.length < 0x80) {
      out.write(contents.length);
    } else if (contents.length < 0x100) {
      out.write(0x81);
      out.write(contents.length);
    } else if (contents.length < 0x10000) {
      out.write(0x82);
      out.write(contents.length >> 8);
      out.write(contents.length);
    } else {
      throw new IllegalArgumentException(
          "DER contents: " + contents.length + " bytes (expected: at most 65535)");
    }
    out.writeBytes(contents);
    return out.toByteArray();
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
