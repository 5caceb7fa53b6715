package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.PackageReference;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Archives in memory, over a link that breaks when the test says so. */
public final class FakeArtifacts implements Artifacts {
  private final Map<String, byte[]> archives = new HashMap<>();
  private final List<Long> offsets = new ArrayList<>();
  private long breakAfter = Long.MAX_VALUE;
  private int breaks;
  private boolean hanging;

  /** A reference with the right checksum and size. */
  public synchronized PackageReference add(String name, String version, byte[] archive) {
    String sha256 = ArchiveBuilder.sha256(archive);
    archives.put(sha256, archive);
    return new PackageReference(name, version, sha256, archive.length);
  }

  /** What is served for this checksum, whatever it is. */
  public synchronized void serve(String sha256, byte[] bytes) {
    archives.put(sha256, bytes);
  }

  /** So many fetches break after so many bytes of theirs. */
  public synchronized void breakAfter(long bytes, int times) {
    breakAfter = bytes;
    breaks = times;
  }

  /** Fetches send nothing and wait for an interrupt. */
  public synchronized void hang() {
    hanging = true;
  }

  /** The offsets that were asked for, in order. */
  public synchronized List<Long> offsets() {
    return List.copyOf(offsets);
  }

  @Override
  public void fetch(PackageReference reference, long offset, OutputStream target)
      throws IOException {
    byte[] archive;
    long most;
    synchronized (this) {
      offsets.add(offset);
      archive = archives.get(reference.sha256());
      most = breaks > 0 ? breakAfter : Long.MAX_VALUE;
      breaks = Math.max(0, breaks - 1);
    }
    if (hangs()) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", interrupted);
      }
    }
    if (archive == null) {
      throw new IOException("no such archive: " + reference);
    }
    int length = (int) Math.min(archive.length - offset, most);
    target.write(archive, (int) offset, length);
    if (offset + length < archive.length) {
      throw new IOException("the link broke");
    }
  }

  private synchronized boolean hangs() {
    return hanging;
  }
}
