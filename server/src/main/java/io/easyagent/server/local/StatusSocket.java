package io.easyagent.server.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket {@code server.sock} in the data folder, which only the folder's owner and root
 * can reach: whoever connects is told the status. That somebody answers there means that a server
 * runs.
 */
public final class StatusSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusSocket.class);
  private static final int LARGEST = 64 * 1024;

  /** What the kernel takes for a socket's name. */
  private static final int LONGEST_PATH = 100;

  private final Path path;
  private final Optional<ServerSocketChannel> server;

  private StatusSocket(Path path, Optional<ServerSocketChannel> server) {
    this.path = path;
    this.server = server;
  }

  /** The data folder's lock must be held: a socket that is there is left over. */
  public static StatusSocket open(Path data, Supplier<LiveStatus> status) throws IOException {
    Path path = path(data);
    if (path.toString().length() > LONGEST_PATH) {
      log.warn("no status socket: {} is longer than {} characters", path, LONGEST_PATH);
      return new StatusSocket(path, Optional.empty());
    }
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Thread.ofVirtual().name("status").start(() -> serve(server, status));
      return new StatusSocket(path, Optional.of(server));
    } catch (IOException | RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /**
   * Asks the server of a data folder.
   *
   * @return empty when none runs on it
   */
  public static Optional<LiveStatus> ask(Path data) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path(data)))) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
      while (answer.size() < LARGEST && channel.read(buffer) >= 0) {
        answer.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      return Optional.of(LiveStatus.decode(answer.toByteArray()));
    } catch (SocketException nobody) {
      return Optional.empty();
    }
  }

  private static Path path(Path data) {
    return data.toAbsolutePath().resolve("server.sock");
  }

  private static void serve(ServerSocketChannel server, Supplier<LiveStatus> status) {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept()) {
        // Less than a socket's buffer: no reader can hold this up.
        ByteBuffer bytes = ByteBuffer.wrap(status.get().encoded());
        channel.configureBlocking(false);
        channel.write(bytes);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException failure) {
        log.warn("status was not told", failure);
      }
    }
  }

  @Override
  public void close() {
    try {
      if (server.isPresent()) {
        server.get().close();
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      log.warn("status socket: {}", failure.toString());
    }
  }
}
