package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is installed on a host. */
final class Distribution {
  private static final long KIBI = 1 << 10;

  private Distribution() {}

  /** The sidecar with its Java; supervisord's package without Python and what that needs. */
  static void sizes(
      Settings settings, Map<Figure, Double> ofSidecar, Map<Figure, Double> ofSupervisord)
      throws IOException, InterruptedException, BenchException {
    Path unpacked = settings.sidecar().toRealPath();
    ofSidecar.put(Figure.DISTRIBUTION_BYTES, (double) Folders.bytes(unpacked));
    Path archive = unpacked.resolveSibling(unpacked.getFileName() + ".tar.gz");
    ofSidecar.put(Figure.ARCHIVE_BYTES, (double) Files.size(archive));
    ofSupervisord.put(
        Figure.DISTRIBUTION_BYTES,
        (double)
            (KIBI
                * Long.parseLong(
                    Programs.output(
                        List.of("dpkg-query", "-W", "-f", "${Installed-Size}", "supervisor")))));
  }
}
