package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code /proc}. A process that is gone, or hidden from us, is simply not there. */
public final class Proc {
  private static final int READ_MOST = 256 * 1024;
  private static final int SETGID = 6;
  private static final int SETUID = 7;
  private static final int SYS_PTRACE = 19;
  private static final int SYS_NICE = 23;
  private static final int SYS_RESOURCE = 24;
  private static final int NICENESS = 19 - 3;

  /** Names of resources as {@code /proc/PID/limits} has them. */
  public static final String OPEN_FILES = "Max open files";

  public static final String CORE_SIZE = "Max core file size";
  public static final String PROCESSES = "Max processes";

  private final Path root;

  public Proc() {
    this(Path.of("/proc"));
  }

  /**
   * @param root of the files, for tests
   */
  public Proc(Path root) {
    this.root = root;
  }

  public Optional<ProcStat> findStat(int pid) {
    return read(root.resolve(Integer.toString(pid)).resolve("stat"))
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .flatMap(ProcStat::parse);
  }

  /** Only when the number is still this process's. */
  public Optional<ProcStat> findStat(ProcessIdentity identity) {
    return findStat(identity.pid()).filter(stat -> stat.startTicks() == identity.startTicks());
  }

  /** Every process, in no order. */
  public List<Integer> pids() {
    String[] names = root.toFile().list();
    return names == null
        ? List.of()
        : Arrays.stream(names).filter(Proc::isNumber).map(Integer::valueOf).toList();
  }

  /** The process's children, zombies included. */
  public List<Integer> children(int pid) {
    String id = Integer.toString(pid);
    return read(root.resolve(id).resolve("task").resolve(id).resolve("children"))
        .map(bytes -> numbers(new String(bytes, StandardCharsets.US_ASCII)))
        .orElseGet(() -> childrenByParent(pid));
  }

  /** Kernels may be built without the list of children. */
  private List<Integer> childrenByParent(int pid) {
    return pids().stream()
        .map(this::findStat)
        .flatMap(Optional::stream)
        .filter(stat -> stat.parent() == pid)
        .map(ProcStat::pid)
        .toList();
  }

  /** Whether the process was started with exactly this {@code NAME=value} in its environment. */
  public boolean environmentHas(int pid, String assignment) {
    byte[] wanted = (assignment + "\0").getBytes(StandardCharsets.UTF_8);
    return read(root.resolve(Integer.toString(pid)).resolve("environ"))
        .filter(environment -> hasEntry(environment, wanted))
        .isPresent();
  }

  private static boolean hasEntry(byte[] environment, byte[] wanted) {
    for (int start = 0; start + wanted.length <= environment.length; ) {
      if (Arrays.equals(environment, start, start + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
      while (start < environment.length && environment[start] != 0) {
        start++;
      }
      start++;
    }
    return false;
  }

  /** The file that the process runs; empty when it is gone, or not ours to see. */
  public Optional<Path> findProgram(int pid) {
    try {
      return Optional.of(
          Files.readSymbolicLink(root.resolve(Integer.toString(pid)).resolve("exe")));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Differs with every boot of the machine. */
  public String bootId() {
    return require(root.resolve("sys/kernel/random/boot_id")).strip();
  }

  /** Since boot, on the clock that start ticks count on. */
  public Duration uptime() {
    String seconds = require(root.resolve("uptime")).split(" ")[0];
    return Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000));
  }

  /** How long ago the process started. */
  public Duration age(ProcessIdentity identity) {
    Duration age = uptime().minusMillis(identity.startTicks() * 10);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /**
   * Whether we may see the wait status of other users' zombies: without this capability the kernel
   * shows zero, which would read as success.
   */
  public boolean seesEveryWaitStatus() {
    return hasCapability(SYS_PTRACE);
  }

  /** Whether we may start processes as another user. */
  public boolean mayChangeUser() {
    return hasCapability(SETUID) && hasCapability(SETGID);
  }

  /** Whether we may start processes with a higher priority than our own. */
  public boolean mayRaisePriority() {
    return hasCapability(SYS_NICE);
  }

  /** The most of a resource that we can give to what we start. */
  public long mostOf(String resource) {
    if (!hasCapability(SYS_RESOURCE)) {
      return ownMostOf(resource);
    }
    return resource.equals(OPEN_FILES)
        ? Long.parseLong(require(root.resolve("sys/fs/nr_open")).strip())
        : Long.MAX_VALUE;
  }

  private long ownMostOf(String resource) {
    return require(root.resolve("self/limits"))
        .lines()
        .filter(line -> line.startsWith(resource))
        .map(line -> line.substring(resource.length()).strip().split(" +")[1])
        .filter(Proc::isNumber)
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The priority that what we start has: -20 to 19, less is more. */
  public int ownNiceness() {
    String stat = require(root.resolve("self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICENESS]);
  }

  private boolean hasCapability(int number) {
    String status = require(root.resolve("self/status"));
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(capabilities -> (capabilities >> number & 1) == 1);
  }

  private String require(Path file) {
    return read(file)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .orElseThrow(() -> new UncheckedIOException(new IOException("cannot read " + file)));
  }

  private static Optional<byte[]> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(READ_MOST));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static List<Integer> numbers(String text) {
    return Stream.of(text.strip().split(" ")).filter(Proc::isNumber).map(Integer::valueOf).toList();
  }

  private static boolean isNumber(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
