package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.ServerUnderTest;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.IOException;
import java.util.Optional;

/** Time, and what both processes took, since it began. */
final class Load {
  private final ServerUnderTest server;
  private final Optional<SimulatedFleet> fleet;
  private final long began = SystemTime.nanos();
  private final double serverBefore;
  private final double fleetBefore;

  private Load(ServerUnderTest server, Optional<SimulatedFleet> fleet)
      throws IOException, BenchException {
    this.server = server;
    this.fleet = fleet;
    this.serverBefore = server.usage().cpuSeconds();
    this.fleetBefore = fleetNow();
  }

  /**
   * @param fleet empty: it has not begun yet
   */
  static Load begin(ServerUnderTest server, Optional<SimulatedFleet> fleet)
      throws IOException, BenchException {
    return new Load(server, fleet);
  }

  double seconds() {
    return SystemTime.secondsSince(began);
  }

  /** CPU seconds. */
  double server() throws IOException, BenchException {
    return server.usage().cpuSeconds() - serverBefore;
  }

  /** CPU seconds. */
  double simulator() throws IOException {
    return fleetNow() - fleetBefore;
  }

  private double fleetNow() throws IOException {
    return fleet.isPresent() ? fleet.get().usage().cpuSeconds() : 0;
  }
}
