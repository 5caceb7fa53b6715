package io.easyagent.server.local;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how far the server is (sd_notify(3)): a datagram to the Unix socket that {@code
 * NOTIFY_SOCKET} names. Java has no such sockets, so the C library is called. Not being told must
 * not stop the server: a failure is logged.
 */
public final class ServiceNotice {
  private static final Logger log = LoggerFactory.getLogger(ServiceNotice.class);
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int LONGEST_PATH = 107;

  private final Optional<String> socket;

  /**
   * @param socket the value of NOTIFY_SOCKET; null when nobody wants to be told
   */
  public ServiceNotice(@Nullable String socket) {
    this.socket =
        Optional.ofNullable(socket)
            .filter(path -> path.startsWith("/") || path.startsWith("@"))
            .filter(path -> path.length() <= LONGEST_PATH);
  }

  /** Both ports listen. */
  public void ready() {
    tell("READY=1");
  }

  /** It finishes what it has. */
  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String state) {
    if (socket.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      send(arena, socket.get(), state.getBytes(StandardCharsets.UTF_8));
    } catch (Throwable failure) {
      log.warn("systemd was not told {}: {}", state, failure.toString());
    }
  }

  private static void send(Arena arena, String path, byte[] state) throws Throwable {
    int descriptor =
        (int)
            function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)
                .invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new IllegalStateException("no socket");
    }
    try {
      byte[] name = path.getBytes(StandardCharsets.UTF_8);
      if (name[0] == '@') {
        name[0] = 0;
      }
      int length = Short.BYTES + name.length;
      MemorySegment address = arena.allocate(length, Short.BYTES);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, Short.BYTES, name.length);
      MemorySegment message = arena.allocateFrom(JAVA_BYTE, state);
      long sent =
          (long)
              function(
                      "sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                      JAVA_INT)
                  .invokeExact(descriptor, message, (long) state.length, 0, address, length);
      if (sent != state.length) {
        throw new IllegalStateException("not sent to " + path);
      }
    } finally {
      int closed = (int) function("close", JAVA_INT, JAVA_INT).invokeExact(descriptor);
      log.trace("notice sent, closed={}", closed);
    }
  }

  private static MethodHandle function(String name, ValueLayout result, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, parameters));
  }
}
