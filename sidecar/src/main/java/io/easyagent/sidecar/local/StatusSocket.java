package io.easyagent.sidecar.local;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.net.ExtendedSocketOptions;

/**
 * The Unix socket {@code sidecar.sock} in the data folder: whoever connects, being root or the
 * sidecar's own user, asks one line, {@code status}, {@code reload}, {@code shutdown}, or {@code
 * start}, {@code stop} or {@code restart} and an agent's name, and gets lines back. But for a
 * status the last line is {@code done} or {@code failed}.
 */
public final class StatusSocket implements AutoCloseable {
  private static final Logger log = Logger.getLogger(StatusSocket.class.getName());
  private static final int LARGEST = 1 << 20;
  private static final int MOST_CONVERSATIONS = 16;
  private static final String STATUS = "status";
  private static final String RELOAD = "reload";
  private static final String SHUTDOWN = "shutdown";
  private static final String DONE = "done";
  private static final String FAILED = "failed";

  private final Path path;
  private final ServerSocketChannel server;
  private final UserPrincipal self;
  private final UserPrincipal root;
  private final Supplier<Status> status;
  private final Shutdown shutdown;
  private final AgentOrders orders;
  private final Reload reload;
  private final Semaphore conversations = new Semaphore(MOST_CONVERSATIONS);

  private StatusSocket(
      Path path,
      ServerSocketChannel server,
      UserPrincipal self,
      UserPrincipal root,
      Supplier<Status> status,
      Shutdown shutdown,
      AgentOrders orders,
      Reload reload) {
    this.path = path;
    this.server = server;
    this.self = self;
    this.root = root;
    this.status = status;
    this.shutdown = shutdown;
    this.orders = orders;
    this.reload = reload;
  }

  /** The data folder's lock must be held: a socket that is there is left over. */
  public static StatusSocket open(
      Path data, Supplier<Status> status, Shutdown shutdown, AgentOrders orders, Reload reload)
      throws IOException {
    Path path = path(data);
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      UserPrincipal root =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root");
      // What this process has just made belongs to the user that it runs as.
      StatusSocket socket =
          new StatusSocket(
              path, server, Files.getOwner(path), root, status, shutdown, orders, reload);
      Thread.ofVirtual().name("status").start(socket::serve);
      return socket;
    } catch (IOException | RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /**
   * Asks the sidecar of a data folder for its status.
   *
   * @throws IOException when none answers
   */
  public static String ask(Path data) throws IOException {
    try (SocketChannel channel = connect(data, STATUS)) {
      ByteBuffer answer = ByteBuffer.allocate(LARGEST);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        continue;
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Asks the sidecar of a data folder to stop its agents, see {@link Shutdown}; returns when it is
   * over.
   *
   * @param progress hears one line per step
   * @return whether nothing of any agent is left
   * @throws IOException when none answers, or it ends before it is done
   */
  public static boolean shutDown(Path data, Consumer<String> progress) throws IOException {
    return follow(data, SHUTDOWN, progress);
  }

  /**
   * Has the sidecar of a data folder read its definitions anew, see {@link Reload}; returns when it
   * is over.
   *
   * @param progress hears one line per change and fault
   * @return whether every agent is as it is defined
   * @throws IOException when none answers, or it ends before it is done
   */
  public static boolean reload(Path data, Consumer<String> progress) throws IOException {
    return follow(data, RELOAD, progress);
  }

  /**
   * Has the sidecar of a data folder tell an agent something, see {@link AgentOrders}; returns when
   * it is over.
   *
   * @param progress hears how it went, in one line
   * @return whether it was done
   * @throws IOException when none answers, or it ends before it is done
   */
  public static boolean order(
      Path data, AgentOrders.Order order, String agent, Consumer<String> progress)
      throws IOException {
    return follow(data, order.word() + " " + agent, progress);
  }

  private static boolean follow(Path data, String request, Consumer<String> progress)
      throws IOException {
    try (SocketChannel channel = connect(data, request);
        Scanner lines = new Scanner(Channels.newInputStream(channel), StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        String line = lines.nextLine();
        switch (line) {
          case DONE -> {
            return true;
          }
          case FAILED -> {
            return false;
          }
          default -> progress.accept(line);
        }
      }
      throw new IOException("the sidecar ended before it had answered: " + request);
    }
  }

  private static SocketChannel connect(Path data, String request) throws IOException {
    Path path = path(data);
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      try {
        channel.write(StandardCharsets.UTF_8.encode(request + "\n"));
        return channel;
      } catch (IOException failure) {
        channel.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new IOException("no sidecar answers on " + path + ": " + failure.getMessage(), failure);
    }
  }

  private static Path path(Path data) {
    return data.resolve("sidecar.sock");
  }

  private void serve() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (conversations.tryAcquire()) {
          Thread.ofVirtual().name("status").start(() -> converse(channel));
        } else {
          channel.close();
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException failure) {
        log.log(Level.WARNING, "nobody was heard", failure);
      }
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      if (!user.equals(self) && !user.equals(root)) {
        log.warning("refused to user " + user.getName());
        return;
      }
      try (Conversation conversation = new Conversation(channel)) {
        answer(conversation, user);
      }
    } catch (IOException | RuntimeException failure) {
      log.log(Level.WARNING, "a request was not answered", failure);
    } finally {
      conversations.release();
    }
  }

  private void answer(Conversation conversation, UserPrincipal user) throws IOException {
    String request = conversation.request();
    switch (request) {
      case STATUS -> conversation.write(status.get().text());
      case SHUTDOWN -> {
        log.info("user " + user.getName() + " asked for the end of every agent");
        boolean stopped = shutdown.run(line -> tell(conversation, line));
        conversation.write((stopped ? DONE : FAILED) + "\n");
      }
      case RELOAD -> {
        log.info("user " + user.getName() + " asked for the definitions to be read");
        boolean done = reload.run(line -> tell(conversation, line));
        conversation.write((done ? DONE : FAILED) + "\n");
      }
      default -> tellAgent(conversation, request, user);
    }
  }

  private void tellAgent(Conversation conversation, String request, UserPrincipal user)
      throws IOException {
    String[] words = request.split(" ");
    Optional<AgentOrders.Order> order = AgentOrders.Order.find(words[0]);
    if (order.isEmpty() || words.length != 2) {
      log.warning(
          "request: "
              + request
              + " (expected: status, reload, shutdown, or start, stop or restart with an agent's"
              + " name)");
      return;
    }
    log.info("user " + user.getName() + " asked: " + request);
    AgentOrders.Answer answer = orders.give(order.get(), words[1], user.getName());
    conversation.write(
        words[1] + ": " + answer.message() + "\n" + (answer.done() ? DONE : FAILED) + "\n");
  }

  /** Who asked may be gone: what was asked goes on. */
  private static void tell(Conversation conversation, String line) {
    try {
      conversation.write(line + "\n");
    } catch (IOException gone) {
      log.log(Level.FINE, "nobody hears: {0}", line);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
