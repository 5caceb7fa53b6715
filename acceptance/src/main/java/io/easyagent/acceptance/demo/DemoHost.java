package io.easyagent.acceptance.demo;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host: a sidecar started from its distribution, with a data folder of its own. All hosts of one
 * machine have its name, so that they are told apart by a label.
 */
final class DemoHost {
  private final String title;
  private final Path start;
  private final Path data;
  private final Workplace workplace;
  private final Daemon sidecar;
  private Optional<Host> enrolled = Optional.empty();

  DemoHost(Workplace workplace, Path distribution, String title) throws IOException {
    this.title = title;
    this.workplace = workplace;
    start = distribution.resolve("bin/easyagent-sidecar");
    data = workplace.folder(title);
    sidecar =
        new Daemon(
            "sidecar of " + title,
            List.of(start.toString(), "run", "--data", data.toString()),
            Map.of(),
            workplace.folder().resolve(title + ".log"));
  }

  /** What the command line takes for this host. */
  String id() {
    return enrolled.orElseThrow().id().toString();
  }

  Path data() {
    return data;
  }

  Daemon sidecar() {
    return sidecar;
  }

  /** Enrols and connects. */
  Host enroll(ControlPlane plane, List<String> labels) throws Exception {
    EnrollToken token = plane.operator().createEnrollToken(labels);
    Path tokenFile = workplace.file(title + ".token", token.token().orElseThrow());
    plane
        .program()
        .output(
            List.of(
                start.toString(),
                "enroll",
                "--data",
                data.toString(),
                "--server",
                token.server(),
                "--fingerprint",
                token.fingerprint(),
                "--token-file",
                tokenFile.toString()));
    sidecar.start();
    Host host = plane.awaitOnline(String.join(",", labels));
    enrolled = Optional.of(host);
    return host;
  }

  /** Once it is connected again. */
  void awaitOnline(ControlPlane plane) {
    Map<String, String> labels = enrolled.orElseThrow().labels();
    Host unused =
        plane.awaitOnline(
            String.join(
                ",",
                labels.entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .toList()));
  }
}
