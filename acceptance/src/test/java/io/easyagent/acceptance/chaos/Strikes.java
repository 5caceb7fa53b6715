package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.server.ServerMain;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/** Makes faults happen. Each call returns once its fault is over; several may be under way. */
final class Strikes {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Site site;
  private final Operator operator;
  private final Ledger ledger;
  private final Time time;
  private final Path vault;
  private final Path passphrase;
  private final List<Strike> struck = new ArrayList<>();
  private Optional<Backup> latest = Optional.empty();

  /**
   * @param begun before its moment
   * @param done after it
   */
  private record Backup(Path file, Duration begun, Duration done) {}

  Strikes(Site site, Operator operator, Ledger ledger, Time time, Path vault) throws IOException {
    this.site = site;
    this.operator = operator;
    this.ledger = ledger;
    this.time = time;
    this.vault = Files.createDirectories(vault);
    passphrase = Files.writeString(vault.resolve("passphrase"), "correct horse battery\n");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
  }

  List<Strike> struck() {
    synchronized (struck) {
      return List.copyOf(struck);
    }
  }

  /** Strikes; while it lasts, it is in the list as lasting for ever. */
  void strike(int number, Fault fault) throws Exception {
    Duration from = time.now();
    Strike lasting = new Strike(number, fault, from, Strike.UNDER_WAY, false);
    synchronized (struck) {
      struck.add(lasting);
    }
    boolean hit = happen(fault);
    synchronized (struck) {
      struck.set(struck.indexOf(lasting), new Strike(number, fault, from, time.now(), !hit));
    }
  }

  /** False when it met nothing to strike. */
  private boolean happen(Fault fault) throws Exception {
    return switch (fault) {
      case Fault.KillServer() -> site.server().daemon().kill();
      case Fault.KillSidecar(int host) -> host(host).part().daemon().kill();
      case Fault.PauseServer(Duration lasting) -> pause(site.server().daemon(), lasting);
      case Fault.PauseSidecar(int host, Duration lasting) ->
          pause(host(host).part().daemon(), lasting);
      case Fault.CutLink(int host) -> host(host).relay().cut();
      case Fault.Unreachable(int host, Duration lasting) -> {
        Relay relay = host(host).relay();
        relay.refuse();
        boolean unused = relay.cut();
        time.pass(lasting);
        relay.admit();
        yield true;
      }
      case Fault.SilentLink(int host, Duration lasting) -> {
        host(host).relay().fallSilent();
        time.pass(lasting);
        host(host).relay().speak();
        yield true;
      }
      case Fault.HalfOpenLink(int host, Fault.Side told, Duration lasting) -> {
        List<Relay.Connection> half = host(host).relay().abandon(told);
        time.pass(lasting);
        half.forEach(Relay.Connection::reset);
        yield !half.isEmpty();
      }
      case Fault.FillServerDisk(Duration lasting) -> fill(site.server().disk(), lasting);
      case Fault.FillHostDisk(int host, Duration lasting) ->
          fill(host(host).part().disk(), lasting);
      case Fault.JumpServerClock(Duration by, Duration lasting) ->
          jump(site.server().clock(), by, lasting);
      case Fault.JumpSidecarClock(int host, Duration by, Duration lasting) ->
          jump(host(host).part().clock(), by, lasting);
      case Fault.BackUpServer() -> backUp();
      case Fault.RestoreServer() -> restore();
    };
  }

  private Site.HostPart host(int number) {
    return site.hosts().get(number);
  }

  private boolean pause(Daemon daemon, Duration lasting) throws Exception {
    Optional<Jvm> paused = daemon.pause();
    if (paused.isPresent()) {
      time.pass(lasting);
      daemon.resume(paused.get());
    }
    return paused.isPresent();
  }

  private boolean fill(Disk disk, Duration lasting) throws Exception {
    boolean filled = disk.fill();
    if (filled) {
      time.pass(lasting);
      disk.makeRoom();
    }
    return filled;
  }

  private boolean jump(WallClock clock, Duration by, Duration lasting) {
    clock.set(by);
    time.pass(lasting);
    clock.set(Duration.ZERO);
    return true;
  }

  private synchronized boolean backUp() throws Exception {
    Path file = vault.resolve("backup-" + struck().size());
    Duration begun = time.now();
    boolean made = easyagentServer("backup", file.toString());
    if (made) {
      if (latest.isPresent()) {
        Files.delete(latest.get().file());
      }
      latest = Optional.of(new Backup(file, begun, time.now()));
    }
    return made;
  }

  /**
   * Nobody gives orders meanwhile, nor before every host has told the restored server what it has:
   * as in docs/operations.md, where operators wait until all is well.
   */
  private synchronized boolean restore() throws Exception {
    if (latest.isEmpty()) {
      return false;
    }
    Backup backup = latest.get();
    Lock nobodyOrders = operator.gate().writeLock();
    nobodyOrders.lock();
    try {
      Duration begun = time.now();
      ledger.restoring(
          new Restoration(backup.begun(), backup.done(), begun, Restoration.UNDER_WAY));
      site.server().daemon().hold();
      Eventually.await(
          PATIENCE,
          "the backup is restored",
          () -> easyagentServer("restore", backup.file().toString(), "--replace"));
      removeReplaced();
      site.server().daemon().release();
      Eventually.await(PATIENCE, "the restored server answers", site::answers);
      ledger.restored(new Restoration(backup.begun(), backup.done(), begun, time.now()));
      site.awaitOnline();
      return true;
    } finally {
      nobodyOrders.unlock();
    }
  }

  private boolean easyagentServer(String command, String file, String... options)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of(command, file, "--data", site.server().data().toString()));
    words.addAll(List.of(options));
    words.addAll(List.of("--passphrase-file", passphrase.toString()));
    return Jvm.start(ServerMain.class, vault.resolve("log"), Map.of(), words.toArray(String[]::new))
            .awaitExit()
        == 0;
  }

  /** What the server was before; in a long campaign it would fill the disk. */
  private void removeReplaced() throws Exception {
    try (Stream<Path> entries = Files.list(site.server().data())) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith("replaced-")) {
          Shell.run("rm", "-rf", entry.toString());
        }
      }
    }
  }
}
