package io.easyagent.server.onboarding.api;

import io.easyagent.server.onboarding.ServedFile;
import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Route;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * {@code /install.sh} and {@code /install/…}: open, because a machine that is to become a host has
 * nothing to show yet. They give the same bytes to everybody and take nothing from the request.
 */
public final class InstallRoutes {
  /** At the same time; more are told to come back, as the install script does. */
  static final int MOST_DOWNLOADS = 128;

  /** Somebody who reads more slowly than any real link would keep others out. */
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private final SidecarArchives files;
  private final LongSupplier nanoTime;
  private final Semaphore downloads = new Semaphore(MOST_DOWNLOADS);

  public InstallRoutes(SidecarArchives files, LongSupplier nanoTime) {
    this.files = files;
    this.nanoTime = nanoTime;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(open("/install.sh", "text/x-shellscript; charset=utf-8", files.script()));
    for (String platform : SidecarArchives.PLATFORMS) {
      routes.add(
          open(
              "/install/" + platform + ".tar.gz",
              "application/gzip",
              Optional.ofNullable(files.archives().get(platform))));
    }
    return routes;
  }

  private Route open(String path, String contentType, Optional<ServedFile> file) {
    return new Route(
        Route.Method.GET,
        path,
        Optional.empty(),
        Set.of(),
        _ -> {
          ServedFile served =
              file.orElseThrow(() ->
                  new RefusedException(
                      ErrorCode.NOT_FOUND, "this server has no " + path + " to give"));
          return new Answer.Download(contentType, served.size(), take(served));
        });
  }

  private InputStream take(ServedFile file) {
    if (!downloads.tryAcquire()) {
      throw new RefusedException(
          ErrorCode.UNAVAILABLE,
          MOST_DOWNLOADS + " hosts download at this time (expected: try again in a minute)");
    }
    boolean taken = false;
    try {
      InputStream stream = new Download(file.open());
      taken = true;
      return stream;
    } finally {
      if (!taken) {
        downloads.release();
      }
    }
  }

  /** Holds one of the places until it is closed, and no longer than is fair. */
  private final class Download extends FilterInputStream {
    private final long began = nanoTime.getAsLong();
    private final AtomicBoolean open = new AtomicBoolean(true);

    Download(InputStream file) {
      super(file);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (nanoTime.getAsLong() - began > LONGEST.toNanos()) {
        throw new IOException("not downloaded within " + LONGEST);
      }
      return super.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (open.compareAndSet(true, false)) {
        downloads.release();
      }
      super.close();
    }
  }
}
