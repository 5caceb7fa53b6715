package io.easyagent.sidecar.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The C library's functions, one method each, errors as exceptions. Thread-safe. Numbers are those
 * that Linux has on every architecture that the JDK runs on.
 */
final class SystemCalls {
  private static final int PIDFD_SEND_SIGNAL = 424;
  private static final int PIDFD_OPEN = 434;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_APPEND = 0x400;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_PATH = 0x200000;
  private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
  private static final int PUNCH_HOLE_KEEP_SIZE = 3;
  private static final int SEEK_DATA = 3;
  private static final int AF_UNIX = 1;
  private static final int DATAGRAM_CLOEXEC = 0x80002;
  private static final int MSG_DONTWAIT_NOSIGNAL = 0x4040;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle KILL =
      function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle POLL =
      function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle EVENTFD =
      function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle GETEUID = function("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle OPENAT =
      function(
          "openat",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle FALLOCATE =
      function(
          "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle LSEEK =
      function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

  private SystemCalls() {}

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... more) {
    Linker.Option[] options = new Linker.Option[more.length + 1];
    options[0] = Linker.Option.captureCallState("errno");
    System.arraycopy(more, 0, options, 1, more.length);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** A call with the place where the C library leaves its error. */
  private interface Call {
    long invoke(MemorySegment state, Arena arena) throws Throwable;
  }

  private static long call(String name, Call call) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = call.invoke(state, arena);
      if (result < 0) {
        throw new SystemCallException(name, (int) ERRNO.get(state, 0L));
      }
      return result;
    } catch (SystemCallException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  static int pidfdOpen(int pid) throws SystemCallException {
    return (int)
        call(
            "pidfd_open",
            (state, arena) ->
                (long) SYSCALL.invokeExact(state, (long) PIDFD_OPEN, (long) pid, 0L, 0L, 0L));
  }

  static void pidfdSendSignal(int descriptor, int signal) throws SystemCallException {
    call(
        "pidfd_send_signal",
        (state, arena) ->
            (long)
                SYSCALL.invokeExact(
                    state, (long) PIDFD_SEND_SIGNAL, (long) descriptor, (long) signal, 0L, 0L));
  }

  /**
   * @param target a process, or a group when negative
   */
  static void kill(int target, int signal) throws SystemCallException {
    call("kill", (state, arena) -> (int) KILL.invokeExact(state, target, signal));
  }

  /**
   * @param descriptors of {@code struct pollfd}s
   * @param timeout milliseconds; negative: for ever
   */
  static int poll(MemorySegment descriptors, long count, int timeout) throws SystemCallException {
    return (int)
        call("poll", (state, arena) -> (int) POLL.invokeExact(state, descriptors, count, timeout));
  }

  static int eventfd() throws SystemCallException {
    return (int)
        call(
            "eventfd", (state, arena) -> (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK_CLOEXEC));
  }

  static void writeCounter(int descriptor) throws SystemCallException {
    call(
        "write",
        (state, arena) ->
            (long) WRITE.invokeExact(state, descriptor, arena.allocateFrom(JAVA_LONG, 1L), 8L));
  }

  static void readCounter(int descriptor) throws SystemCallException {
    call(
        "read",
        (state, arena) ->
            (long) READ.invokeExact(state, descriptor, arena.allocate(JAVA_LONG), 8L));
  }

  static void close(int descriptor) throws SystemCallException {
    call("close", (state, arena) -> (int) CLOSE.invokeExact(state, descriptor));
  }

  static int effectiveUser() {
    try {
      return (int) call("geteuid", (state, arena) -> (int) GETEUID.invokeExact(state));
    } catch (SystemCallException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Opens for writing without following a link in the last place. */
  static int openAppending(Path file, boolean append, boolean create, int mode)
      throws SystemCallException {
    int flags =
        O_WRONLY | O_CLOEXEC | noFollow() | (append ? O_APPEND : 0) | (create ? O_CREAT : 0);
    return (int)
        call(
            "open " + file,
            (state, arena) ->
                (int) OPEN.invokeExact(state, arena.allocateFrom(file.toString()), flags, mode));
  }

  /** A folder to reach others from: nothing is read, and nothing but a folder is opened. */
  static int openFolder(Path folder) throws SystemCallException {
    int flags = O_PATH | O_CLOEXEC | folderOnly();
    return (int)
        call(
            "open " + folder,
            (state, arena) ->
                (int) OPEN.invokeExact(state, arena.allocateFrom(folder.toString()), flags, 0));
  }

  /** As {@link #openFolder}, of a name in an open folder that is no link. */
  static int openFolderBelow(int descriptor, Path name) throws SystemCallException {
    int flags = O_PATH | O_CLOEXEC | folderOnly() | noFollow();
    return (int)
        call(
            "openat " + name,
            (state, arena) ->
                (int)
                    OPENAT.invokeExact(
                        state, descriptor, arena.allocateFrom(name.toString()), flags));
  }

  /** O_NOFOLLOW and O_DIRECTORY are of the few flags that arm numbers differently. */
  private static int noFollow() {
    return isArm() ? 0x8000 : 0x20000;
  }

  private static int folderOnly() {
    return isArm() ? 0x4000 : 0x10000;
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  static void punchHole(int descriptor, long offset, long length) throws SystemCallException {
    call(
        "fallocate",
        (state, arena) ->
            (int) FALLOCATE.invokeExact(state, descriptor, PUNCH_HOLE_KEEP_SIZE, offset, length));
  }

  /** Where the first byte at or after the offset is that is not in a hole. */
  static long seekData(int descriptor, long offset) throws SystemCallException {
    return call(
        "lseek", (state, arena) -> (long) LSEEK.invokeExact(state, descriptor, offset, SEEK_DATA));
  }

  static int datagramSocket() throws SystemCallException {
    return (int)
        call(
            "socket",
            (state, arena) -> (int) SOCKET.invokeExact(state, AF_UNIX, DATAGRAM_CLOEXEC, 0));
  }

  /**
   * Does not wait for a receiver that is slow.
   *
   * @param address a {@code struct sockaddr_un}, of exactly its length
   */
  static void sendDatagram(int descriptor, byte[] message, byte[] address)
      throws SystemCallException {
    call(
        "sendto",
        (state, arena) ->
            (long)
                SENDTO.invokeExact(
                    state,
                    descriptor,
                    arena.allocateFrom(JAVA_BYTE, message),
                    (long) message.length,
                    MSG_DONTWAIT_NOSIGNAL,
                    arena.allocateFrom(JAVA_BYTE, address),
                    address.length));
  }
}
