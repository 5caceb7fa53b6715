package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.PackageReference;
import java.io.IOException;

/** Agents' packages: {@link Archives} that are unpacked into the folders of their agents. */
public final class PackageStore {
  /** In each unpacked version: the SHA-256 of the archive that it came from. */
  static final String MARKER = ".easyagent-package";

  private final Archives archives;

  public PackageStore(
      HostFolders folders, Artifacts artifacts, Accounts accounts, UnpackLimits limits) {
    this.archives = new Archives(folders.packages(), MARKER, artifacts, accounts, limits);
  }

  /** As {@link Archives#fetch}. */
  public void fetch(PackageReference reference, AgentFolders agent, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    archives.fetch(reference, agent.version(reference.version()), pause);
  }

  /** As {@link Archives#verify}. */
  public void verify(PackageReference reference, AgentFolders agent, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    archives.verify(reference, agent.version(reference.version()), pause);
  }

  /** As {@link Archives#unpack}. */
  public void unpack(
      PackageReference reference,
      AgentFolders agent,
      boolean inForce,
      Pause pause,
      Checkpoint checkpoint)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    archives.unpack(
        reference,
        agent.version(reference.version()),
        agent.unfinished(reference.version()),
        inForce,
        pause,
        checkpoint);
  }

  public boolean isUnpacked(PackageReference reference, AgentFolders agent)
      throws PrepareException, IOException {
    return archives.isUnpacked(reference, agent.version(reference.version()));
  }
}
