package io.easyagent.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When the last backup of a data folder was made, and where to; kept in the folder, beside the
 * store.
 */
public record LastBackup(Instant at, String file) {
  static final String NAME = "last-backup";

  private static final int MOST_BYTES = 8 * 1024;

  /** Empty when there was none, or its record cannot be read. */
  public static Optional<LastBackup> find(Path data) {
    Path record = data.resolve(NAME);
    try {
      if (Files.size(record) > MOST_BYTES) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(record);
      return lines.size() < 2
          ? Optional.empty()
          : Optional.of(new LastBackup(Instant.parse(lines.get(0)), lines.get(1)));
    } catch (NoSuchFileException never) {
      return Optional.empty();
    } catch (IOException | DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  void keep(OwnedFolder data) throws IOException {
    data.replace(NAME, at + "\n" + file + "\n");
  }
}
