package io.easyagent.server.backup;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A data folder as it was at one moment: a copy of the store, and further names for the files,
 * which stay what they are when the server replaces or removes them meanwhile.
 *
 * @param files by name, the store's and the archives' among them
 */
record Snapshot(StoreFile.Facts facts, SortedMap<String, Path> files, List<String> leftOut) {
  private static final int TRIES = 5;

  /**
   * @param work empty, in the data folder
   */
  static Snapshot take(OwnedFolder data, Path work) throws IOException, BackupException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      OwnedFolder.remove(work);
      data.folder(work);
      Contents contents = Contents.of(data.root());
      try {
        Snapshot snapshot = link(data, work, contents);
        if (Contents.of(data.root()).equals(contents)) {
          return snapshot;
        }
      } catch (NoSuchFileException removedMeanwhile) {
        continue;
      }
    }
    throw new BackupException(
        "the files in " + data.root() + " change all the time (expected: a moment of rest)");
  }

  private static Snapshot link(OwnedFolder data, Path work, Contents contents) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Map.Entry<String, String> file : contents.files().entrySet()) {
      files.put(file.getKey(), data.root().resolve(file.getKey()));
    }
    Path store = work.resolve("server.db");
    StoreFile.copy(DataFolder.database(data.root()), store);
    data.give(store);
    StoreFile.Facts facts = StoreFile.facts(store);
    Path packages = DataFolder.packages(data.root());
    for (String archive : facts.archives()) {
      files.put("packages/" + archive, packages.resolve(archive));
    }
    SortedMap<String, Path> linked = new TreeMap<>();
    int number = 0;
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Path link = work.resolve("file-" + number++);
      Files.createLink(link, file.getValue());
      linked.put(file.getKey(), link);
    }
    linked.put("server.db", store);
    return new Snapshot(facts, linked, contents.leftOut());
  }
}
