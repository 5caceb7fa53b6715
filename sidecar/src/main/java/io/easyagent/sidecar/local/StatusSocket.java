package io.easyagent.sidecar.local;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.net.ExtendedSocketOptions;

/**
 * The Unix socket {@code sidecar.sock} in the data folder: whoever connects, being root or the
 * sidecar's own user, is told the status.
 */
public final class StatusSocket implements AutoCloseable {
  private static final Logger log = Logger.getLogger(StatusSocket.class.getName());
  private static final int LARGEST = 1 << 20;

  private final Path path;
  private final ServerSocketChannel server;
  private final UserPrincipal self;
  private final UserPrincipal root;
  private final Supplier<Status> status;

  private StatusSocket(
      Path path,
      ServerSocketChannel server,
      UserPrincipal self,
      UserPrincipal root,
      Supplier<Status> status) {
    this.path = path;
    this.server = server;
    this.self = self;
    this.root = root;
    this.status = status;
  }

  /** The data folder's lock must be held: a socket that is there is left over. */
  public static StatusSocket open(Path data, Supplier<Status> status) throws IOException {
    Path path = path(data);
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      UserPrincipal root =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root");
      // What this process has just made belongs to the user that it runs as.
      StatusSocket socket = new StatusSocket(path, server, Files.getOwner(path), root, status);
      Thread.ofVirtual().name("status").start(socket::serve);
      return socket;
    } catch (IOException | RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /**
   * Asks the sidecar of a data folder.
   *
   * @throws IOException when none answers
   */
  public static String ask(Path data) throws IOException {
    Path path = path(data);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      ByteBuffer answer = ByteBuffer.allocate(LARGEST);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        continue;
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new IOException("no sidecar answers on " + path + ": " + failure.getMessage(), failure);
    }
  }

  private static Path path(Path data) {
    return data.resolve("sidecar.sock");
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept()) {
        answer(channel);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException failure) {
        log.log(Level.WARNING, "status was not told", failure);
      }
    }
  }

  /** Short enough for the socket's buffer in all but name, so that no reader can hold it up. */
  private void answer(SocketChannel channel) throws IOException {
    UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (!user.equals(self) && !user.equals(root)) {
      log.warning("status refused to user " + user.getName());
      return;
    }
    byte[] text = status.get().text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(text, 0, Math.min(text.length, LARGEST));
    channel.configureBlocking(false);
    int idle = 0;
    while (bytes.hasRemaining() && idle < 1_000) {
      idle = channel.write(bytes) == 0 ? idle + 1 : 0;
      if (idle > 0) {
        Thread.yield();
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
