package io.easyagent.acceptance.walk;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.acceptance.fleet.Programs;
import io.easyagent.server.WalkedServer;
import io.easyagent.sidecar.WalkedSidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The programs with boundaries in them, at which they can be killed. */
final class WalkedPrograms implements Programs {
  private final Path folder;
  private final PlantedBug planted;

  /**
   * @param folder of the files by which the boundaries are armed
   */
  WalkedPrograms(Path folder, PlantedBug planted) throws IOException {
    this.folder = folder;
    this.planted = planted;
    for (Side side : Side.values()) {
      Files.createDirectories(boundaries(side));
    }
  }

  private Path boundaries(Side side) {
    return folder.resolve(side.name());
  }

  @Override
  public Jvm startServer(Path log, Path data, int hostPort, int operatorPort) throws IOException {
    return Jvm.start(
        WalkedServer.class,
        log,
        Map.of(),
        data.toString(),
        Integer.toString(hostPort),
        Integer.toString(operatorPort),
        boundaries(Side.SERVER).toString(),
        planted.name());
  }

  @Override
  public Jvm startSidecar(Path log, Path data) throws IOException {
    return Jvm.start(
        WalkedSidecar.class,
        log,
        Map.of(),
        data.toString(),
        boundaries(Side.SIDECAR).toString(),
        planted.name());
  }

  /** Kills that side at the boundary after the next {@code passed} ones. */
  void arm(Side side, int passed) throws IOException {
    Boundary.arm(boundaries(side), passed, Boundary.Blow.KILL);
  }

  /** Where the side was killed, if it was; disarms it. */
  Optional<String> killedAt(Side side) throws IOException {
    Boundary.disarm(boundaries(side));
    return Boundary.struck(boundaries(side));
  }
}
