package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket, which Java cannot do by itself. Thread-safe; nothing is held
 * between two messages.
 */
public final class DatagramSocket {
  private static final short AF_UNIX = 1;
  private static final int LONGEST_PATH = 108;

  private final byte[] address;

  /**
   * @param name an absolute path, or the name of an abstract socket after an {@code @}
   * @throws IllegalArgumentException when it is neither, or too long for the kernel
   */
  public DatagramSocket(String name) {
    this.address = address(name);
  }

  /**
   * Never waits: a receiver that takes nothing is a failure.
   *
   * @throws IOException when nobody receives there
   */
  public void send(String message) throws IOException {
    int descriptor = SystemCalls.datagramSocket();
    try {
      SystemCalls.sendDatagram(descriptor, message.getBytes(StandardCharsets.UTF_8), address);
    } finally {
      SystemCalls.close(descriptor);
    }
  }

  /** Abstract names begin with a zero byte and end where the address ends; paths end in a zero. */
  static byte[] address(String name) {
    boolean isAbstract = name.startsWith("@");
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 2
        || bytes.length >= LONGEST_PATH
        || name.indexOf('\0') >= 0
        || !(isAbstract || name.startsWith("/"))) {
      throw new IllegalArgumentException(
          "socket: " + name + " (expected: an absolute path or @NAME, shorter than 108 bytes)");
    }
    ByteBuffer address =
        ByteBuffer.allocate(Short.BYTES + bytes.length + (isAbstract ? 0 : 1))
            .order(ByteOrder.nativeOrder())
            .putShort(AF_UNIX)
            .put(bytes);
    if (isAbstract) {
      address.put(Short.BYTES, (byte) 0);
    }
    return address.array();
  }
}
