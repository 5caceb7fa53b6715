package io.easyagent.acceptance.realhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A host with systemd as its first process, on an overlay of this machine's root: it sees this
 * machine's files, and what it writes stays its own. Needs root. This machine is {@link #MACHINE}
 * to it.
 */
public final class RealHost implements AutoCloseable {
  /** The address of the machine that runs the tests, as its hosts see it. */
  public static final String MACHINE = "10.77.0.1";

  private static final Path TOOL =
      Path.of("..", "..", "shared", "tools", "real-host").toAbsolutePath().normalize();
  private static final Path HOME = Path.of("/tmp/real-hosts");
  private static final int FIRST_NUMBER = 10;
  private static final int LAST_NUMBER = 254;
  private static final Duration LONGEST = Duration.ofSeconds(120);

  private final String name;

  private RealHost(String name) {
    this.name = name;
  }

  /** How a program inside ended. */
  public record Result(List<String> command, int status, String output) {
    public Result expect(int expected) {
      assertEquals(expected, status, () -> String.join(" ", command) + "\n" + output);
      return this;
    }
  }

  /**
   * Boots a new host with an empty disk of its own.
   *
   * @param name unique on this machine: a lower-case word of at most 15 characters
   */
  public static RealHost boot(String name) throws IOException, InterruptedException {
    if (!Files.isExecutable(TOOL)) {
      throw new IOException("no " + TOOL + " (expected: the tool that boots real hosts)");
    }
    RealHost host = new RealHost(name);
    host.tool("remove");
    claimAddress(name);
    host.switchOn();
    return host;
  }

  /**
   * Boots a new host from a disk that was {@linkplain #saveDisk saved}: all but its name and
   * address is as it was there.
   */
  public static RealHost bootFrom(Path saved, String name)
      throws IOException, InterruptedException {
    RealHost host = new RealHost(name);
    host.tool("remove");
    claimAddress(name);
    host.restoreDisk(saved);
    host.switchOn();
    return host;
  }

  /** Of a host that is off: a snapshot of its disk, in a folder that is not there yet. */
  public void saveDisk(Path target) throws IOException, InterruptedException {
    copy(disk(), target);
  }

  /** Of a host that is off: its disk is as it was saved. */
  public void restoreDisk(Path saved) throws IOException, InterruptedException {
    execute(List.of("rm", "-rf", disk().getParent().toString()), "").expect(0);
    Files.createDirectories(disk().getParent());
    copy(saved, disk());
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    execute(List.of("cp", "-a", from.toString(), to.toString()), "").expect(0);
  }

  /** The lowest address that no other host has. */
  private static synchronized void claimAddress(String name) throws IOException {
    try (MachineLock lock = MachineLock.acquire("address")) {
      Set<Integer> taken = new TreeSet<>();
      try (Stream<Path> hosts = Files.list(HOME)) {
        for (Path number : hosts.map(each -> each.resolve("number")).toList()) {
          if (Files.exists(number)) {
            taken.add(Integer.parseInt(Files.readString(number).strip()));
          }
        }
      }
      for (int number = FIRST_NUMBER; number <= LAST_NUMBER; number++) {
        if (!taken.contains(number)) {
          Files.createDirectories(HOME.resolve(name));
          Files.writeString(HOME.resolve(name).resolve("number"), number + "\n");
          return;
        }
      }
    }
    throw new IOException("every address of the hosts' network is taken");
  }

  public String name() {
    return name;
  }

  public String address() throws IOException, InterruptedException {
    return tool("address").expect(0).output().strip();
  }

  /** Runs a program inside as root; both of its outputs together. */
  public Result run(String... command) throws IOException, InterruptedException {
    return runWithInput("", command);
  }

  /** A line for the shell inside. */
  public Result shell(String line) throws IOException, InterruptedException {
    return run("sh", "-c", line);
  }

  public Result runWithInput(String input, String... command)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(TOOL.toString(), "exec", name));
    words.addAll(List.of(command));
    return execute(words, input);
  }

  /** An orderly shutdown, then a boot of the same disk. */
  public void reboot() throws IOException, InterruptedException {
    tool("reboot").expect(0);
    HostsNetwork.forget(address());
  }

  /** Every process ends at once; the host stays off. */
  public void cutPower() throws IOException, InterruptedException {
    tool("crash").expect(0);
  }

  /** After {@link #cutPower}: a boot of the same disk. */
  public void switchOn() throws IOException, InterruptedException {
    HostsNetwork.ensure();
    tool("start").expect(0);
    HostsNetwork.forget(address());
  }

  /** Takes the network cable out: what is sent is lost, and nobody is told. */
  public void unplug() throws IOException, InterruptedException {
    tool("cut").expect(0);
  }

  public void plugIn() throws IOException, InterruptedException {
    tool("join").expect(0);
  }

  /**
   * Lets so much through the network cable in each direction, and keeps up to half a second of it
   * waiting, as the small router of a branch office does.
   *
   * @param rate as tc(8) takes it, for example {@code 1mbit}
   */
  public void narrowLink(String rate) throws IOException, InterruptedException {
    String number = Files.readString(HOME.resolve(name).resolve("number")).strip();
    String shape = "root tbf burst 16kb latency 500ms rate " + rate;
    shell("tc qdisc replace dev eth0 " + shape).expect(0);
    String machineSide = "tc qdisc replace dev rh" + number + " " + shape;
    execute(List.of("sh", "-c", machineSide), "").expect(0);
  }

  /** The host's disk as this machine sees it: the files that the host wrote. */
  public Path disk() {
    return HOME.resolve(name).resolve("disk/upper");
  }

  /** Ends the host and throws its disk away. */
  @Override
  public void close() throws IOException, InterruptedException {
    tool("remove");
  }

  private Result tool(String verb) throws IOException, InterruptedException {
    return execute(List.of(TOOL.toString(), verb, name), "");
  }

  static Result execute(List<String> command, String input)
      throws IOException, InterruptedException {
    Path given = Files.createTempFile("real-host-", ".in");
    Path printed = Files.createTempFile("real-host-", ".out");
    try {
      Files.writeString(given, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(given.toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "not ended after " + LONGEST + ": " + command + "\n" + Files.readString(printed));
      }
      return new Result(
          command, process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
    } finally {
      Files.delete(given);
      Files.delete(printed);
    }
  }
}
