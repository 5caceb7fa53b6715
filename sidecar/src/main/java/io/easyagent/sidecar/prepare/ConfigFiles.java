package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An agent's files: candidates are laid out beside those in force, and moved over them one by one,
 * each whole. Content that has not changed is not written.
 */
public final class ConfigFiles {
  private static final int FOLDER_MODE = 0750;

  private final Disk disk;

  public ConfigFiles(Accounts accounts) {
    this.disk = Disk.of(accounts);
  }

  /**
   * A file that will not be as it was.
   *
   * @param path relative to the config folder
   */
  public record Change(String path, Kind kind) {
    /** What happens to it. */
    public enum Kind {
      CREATED_OR_CHANGED,
      REMOVED
    }
  }

  /**
   * Renders the definition's files and lays out those that differ from what is in force. Begins
   * anew each time.
   *
   * @return what differs, in the order of the paths
   */
  public List<Change> layOut(
      AgentDefinition definition, Variables variables, AgentFolders folders, Account account)
      throws PrepareException, IOException {
    TreeRemoval.remove(folders.candidates());
    disk.folder(folders.candidates(), FOLDER_MODE, 0, account.gid());
    List<Change> changes = new ArrayList<>();
    for (RenderedFile file : RenderedFile.renderAll(definition, variables)) {
      String path = file.defined().path();
      if (!isInForce(file, folders.config().resolve(path), account)) {
        Path candidate = folders.candidates().resolve(path);
        foldersAbove(folders.candidates(), candidate, account);
        disk.create(candidate, file.bytes(), file.defined().mode(), account.gid());
        changes.add(new Change(path, Change.Kind.CREATED_OR_CHANGED));
      }
    }
    for (String path : superfluous(definition, folders)) {
      changes.add(new Change(path, Change.Kind.REMOVED));
    }
    changes.sort(Comparator.comparing(Change::path));
    return changes;
  }

  /** What is not in force after all. */
  public void discardCandidates(AgentFolders folders) throws IOException {
    TreeRemoval.remove(folders.candidates());
  }

  /** Where the file's next content lies: the candidate, else the file in force. */
  public Path candidateOf(DefinedFile file, AgentFolders folders) throws PrepareException {
    String path = PathNames.requireRelative("files", file.path());
    Path candidate = folders.candidates().resolve(path);
    return Files.exists(candidate, LinkOption.NOFOLLOW_LINKS)
        ? candidate
        : folders.config().resolve(path);
  }

  /** Moves the candidates over the files in force and removes what is no longer defined. */
  public void replace(AgentDefinition definition, AgentFolders folders, Account account)
      throws IOException {
    for (Path candidate : filesBelow(folders.candidates())) {
      Path file = folders.config().resolve(folders.candidates().relativize(candidate));
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        TreeRemoval.remove(file);
      }
      foldersAbove(folders.config(), file, account);
      Disk.rename(candidate, file);
    }
    for (String path : superfluous(definition, folders)) {
      TreeRemoval.remove(folders.config().resolve(path));
      removeEmptyAbove(folders.config(), folders.config().resolve(path));
    }
    Disk.sync(folders.config());
    TreeRemoval.remove(folders.candidates());
  }

  private boolean isInForce(RenderedFile file, Path path, Account account) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || !disk.hasModeAndGroup(path, file.defined().mode(), account.gid())) {
      return false;
    }
    // Bounded by what it should be, whatever it has become.
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(in.readNBytes(file.bytes().length + 1), file.bytes());
    }
  }

  private static List<String> superfluous(AgentDefinition definition, AgentFolders folders)
      throws IOException {
    Set<String> defined =
        definition.files().stream().map(DefinedFile::path).collect(Collectors.toSet());
    return filesBelow(folders.config()).stream()
        .map(file -> folders.config().relativize(file).toString())
        .filter(path -> !defined.contains(path))
        .toList();
  }

  /** Both folders are the sidecar's own: nobody else changes them meanwhile. */
  private static List<Path> filesBelow(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /** A file that is in the way of a folder was defined earlier and is not any more. */
  private void foldersAbove(Path top, Path file, Account account) throws IOException {
    Path relative = top.relativize(file);
    Path folder = top;
    for (Path name : relative) {
      if (folder.resolve(name).equals(file)) {
        return;
      }
      folder = folder.resolve(name);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        TreeRemoval.remove(folder);
        disk.folder(folder, FOLDER_MODE, 0, account.gid());
      }
    }
  }

  private static void removeEmptyAbove(Path top, Path file) throws IOException {
    for (Path folder = file.getParent();
        folder != null && !folder.equals(top);
        folder = folder.getParent()) {
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
      Files.delete(folder);
    }
  }
}
