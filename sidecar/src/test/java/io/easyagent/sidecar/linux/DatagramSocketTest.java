package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramSocketTest {
  @Test
  void aPathEndsInAZeroAndAnAbstractNameBeginsWithOne() {
    assertArrayEquals(bytes("/run/n\0"), nameIn(DatagramSocket.address("/run/n")));
    assertArrayEquals(bytes("\0org/n"), nameIn(DatagramSocket.address("@org/n")));
    assertEquals(
        1, ByteBuffer.wrap(DatagramSocket.address("@x")).order(ByteOrder.nativeOrder()).getShort());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@", "relative", "vsock:2:3", "/a\0b"})
  void whatIsNoSocketIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> new DatagramSocket(name));
  }

  @Test
  void theLongestPathIsOneThatTheKernelTakes() {
    assertEquals(110, DatagramSocket.address("/" + "x".repeat(106)).length);
    assertThrows(
        IllegalArgumentException.class, () -> DatagramSocket.address("/" + "x".repeat(107)));
  }

  @Test
  void aMessageToNobodyIsAFailure(@TempDir Path folder) {
    DatagramSocket socket = new DatagramSocket(folder.resolve("none").toString());
    IOException failure = assertThrows(IOException.class, () -> socket.send("READY=1"));
    assertTrue(failure.getMessage().contains("sendto"), failure::getMessage);
  }

  private static byte[] nameIn(byte[] address) {
    return Arrays.copyOfRange(address, Short.BYTES, address.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
