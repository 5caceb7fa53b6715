package io.easyagent.sidecar.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One connection to the sidecar's socket. Whoever is at its other end cannot hold it up for long.
 */
final class Conversation implements AutoCloseable {
  static final int LONGEST_REQUEST = 128;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  Conversation(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, 0);
  }

  /** The one line that is asked; empty when nothing is. */
  String request() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_REQUEST);
    while (bytes.hasRemaining()) {
      await(SelectionKey.OP_READ);
      int count = channel.read(bytes);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      if (count < 0 || text.contains("\n")) {
        return text.lines().findFirst().orElse("").strip();
      }
    }
    throw new IOException("a request of " + LONGEST_REQUEST + " bytes (expected: one short line)");
  }

  void write(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      await(SelectionKey.OP_WRITE);
      channel.write(bytes);
    }
  }

  private void await(int operation) throws IOException {
    key.interestOps(operation);
    if (selector.select(PATIENCE.toMillis()) == 0) {
      throw new IOException(
          "the other end of the socket does nothing for " + PATIENCE.toSeconds() + " s");
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
