package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes, switches and removes what lies on disk for an agent. Every call is idempotent. */
public final class AgentLayout {
  private final HostFolders folders;
  private final Disk disk;
  private final Account own;

  public AgentLayout(HostFolders folders, Accounts accounts) {
    this.folders = folders;
    this.disk = Disk.of(accounts);
    this.own = accounts.own();
  }

  /** Only {@code data} is the user's; the rest is the sidecar's own. */
  public void create(AgentFolders agent, Account user) throws IOException {
    disk.folder(folders.agents(), 0755, own.uid(), own.gid());
    disk.folder(agent.root(), 0755, own.uid(), own.gid());
    disk.folder(agent.versions(), 0755, own.uid(), own.gid());
    disk.folder(agent.config(), 0750, own.uid(), user.gid());
    disk.folder(agent.logs(), 0750, own.uid(), user.gid());
    disk.folder(agent.data(), 0750, user.uid(), user.gid());
  }

  /** The version that {@code current} names. */
  public Optional<String> findCurrent(AgentFolders agent) throws IOException {
    if (!Files.isSymbolicLink(agent.current())) {
      return Optional.empty();
    }
    Path name = Files.readSymbolicLink(agent.current()).getFileName();
    return Optional.ofNullable(name).map(Path::toString);
  }

  /** Points {@code current} at another version in one step; without a package it goes. */
  public void switchCurrent(AgentFolders agent, Optional<String> version)
      throws IOException, PrepareException {
    if (version.isEmpty()) {
      Files.deleteIfExists(agent.current());
      Disk.syncParent(agent.current());
      return;
    }
    Path target = agent.root().relativize(agent.version(version.get()));
    if (Files.isSymbolicLink(agent.current())
        && Files.readSymbolicLink(agent.current()).equals(target)) {
      return;
    }
    Path next = agent.root().resolve("current.new");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, target);
    Disk.rename(next, agent.current());
  }

  /** Removes the versions that are not among those to keep. */
  public void removeVersionsBut(AgentFolders agent, Set<String> kept) throws IOException {
    for (Path version : entries(agent.versions())) {
      if (!kept.contains(String.valueOf(version.getFileName()))) {
        TreeRemoval.remove(version);
      }
    }
  }

  /** Removes everything but {@code data}, and with {@code purge} that too. */
  public void remove(AgentFolders agent, boolean purge) throws IOException {
    for (Path entry : entries(agent.root())) {
      if (purge || !entry.equals(agent.data())) {
        TreeRemoval.remove(entry);
      }
    }
    if (Files.isDirectory(agent.root(), LinkOption.NOFOLLOW_LINKS)
        && entries(agent.root()).isEmpty()) {
      Files.delete(agent.root());
      Disk.syncParent(agent.root());
    }
  }

  /** Removes what a first install that did not come to its end has left; data is kept. */
  public void removeUnfinished(AgentFolders agent) throws IOException {
    if (Files.isDirectory(agent.data(), LinkOption.NOFOLLOW_LINKS)
        && entries(agent.data()).isEmpty()) {
      TreeRemoval.remove(agent.data());
    }
    remove(agent, false);
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(entries::add);
      }
    }
    return entries;
  }
}
