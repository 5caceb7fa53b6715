package io.easyagent.acceptance.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A witness's file, of which only what is new is read. Safe for use by several threads. */
final class Reading {
  private final Path file;
  private final List<Testimony> lines = new ArrayList<>();
  private final Map<String, Testimony> last = new HashMap<>();
  private long read;

  Reading(Path file) {
    this.file = file;
  }

  synchronized List<Testimony> all() {
    refresh();
    return List.copyOf(lines);
  }

  synchronized int count() {
    refresh();
    return lines.size();
  }

  /** The last line about that name. */
  synchronized Optional<Testimony> last(String name) {
    refresh();
    return Optional.ofNullable(last.get(name));
  }

  private void refresh() {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      byte[] fresh = new byte[Math.toIntExact(bytes.length() - read)];
      bytes.seek(read);
      bytes.readFully(fresh);
      String text = new String(fresh, StandardCharsets.US_ASCII);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      read += whole.length();
      for (Testimony line : Testimony.parse(whole)) {
        lines.add(line);
        last.put(line.name(), line);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
