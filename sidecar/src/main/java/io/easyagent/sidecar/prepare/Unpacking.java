package io.easyagent.sidecar.prepare;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks one archive into an empty folder and trusts nothing in it. Links are made last, so
 * nothing is ever written through one; each must then lead to something inside the tree. Modes
 * become 0444 or 0555, files keep their times, everything is synced.
 */
final class Unpacking {
  private static final int BUFFER = 64 << 10;
  private static final int MOST_SEGMENTS = 64;
  private static final Instant LATEST = Instant.parse("2038-01-01T00:00:00Z");

  private enum Made {
    FOLDER,
    FILE,
    LINK
  }

  private final Path target;
  private final UnpackLimits limits;
  private final long mostBytes;
  private final Map<Path, Made> made = new HashMap<>();
  private final Map<Path, String> links = new LinkedHashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long bytes;
  private int entries;

  private Unpacking(Path target, UnpackLimits limits, long archiveSize) {
    this.target = target;
    this.limits = limits;
    this.mostBytes = limits.bytesOf(archiveSize);
  }

  /**
   * @param target an empty folder
   * @return the package's root: the target, or its single top folder
   */
  static Path unpack(Path archive, Path target, UnpackLimits limits, Checkpoint checkpoint)
      throws IOException, PrepareException, StoppedException {
    Unpacking unpacking = new Unpacking(target, limits, Files.size(archive));
    try (ArchiveReader reader = ArchiveReader.open(archive, limits.entries())) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        checkpoint.pass();
        unpacking.add(entry.get(), reader);
      }
    }
    return unpacking.finish();
  }

  private void add(ArchiveEntry entry, ArchiveReader reader) throws IOException, PrepareException {
    if (++entries > limits.entries()) {
      throw refused(entry, "is one too many", "at most " + limits.entries() + " entries");
    }
    Path path = pathOf(entry, entry.name());
    if (path.equals(target)) {
      if (!(entry.kind() instanceof ArchiveEntry.Kind.Folder)) {
        throw refused(entry, "has no name", "a relative path");
      }
      return;
    }
    if (entry.kind() instanceof ArchiveEntry.Kind.Folder) {
      folder(entry, path);
      return;
    }
    folder(entry, path.getParent());
    if (made.containsKey(path)) {
      throw refused(entry, "is there twice", "each name once");
    }
    switch (entry.kind()) {
      case ArchiveEntry.Kind.Folder() -> folder(entry, path);
      case ArchiveEntry.Kind.File() -> {
        made.put(path, Made.FILE);
        try (InputStream content = unclosed(reader.content())) {
          write(entry, path, content);
        }
      }
      case ArchiveEntry.Kind.SymbolicLink(String to) -> {
        if (to.isEmpty() || to.startsWith("/") || to.chars().anyMatch(Character::isISOControl)) {
          throw refused(entry, "is a link to " + PathNames.shown(to), "a relative link");
        }
        made.put(path, Made.LINK);
        links.put(path, to);
      }
      case ArchiveEntry.Kind.HardLink(String to) -> {
        Path existing = pathOf(entry, to);
        if (made.get(existing) != Made.FILE) {
          throw refused(
              entry, "is a hard link to " + PathNames.shown(to), "a file earlier in the archive");
        }
        made.put(path, Made.FILE);
        Files.createLink(path, existing);
      }
      case ArchiveEntry.Kind.Other(String description) ->
          throw refused(entry, "is " + description, "files, folders and links");
    }
  }

  private Path pathOf(ArchiveEntry entry, String name) throws PrepareException {
    if (name.startsWith("/")) {
      throw refused(entry, "has the absolute path " + PathNames.shown(name), "a relative path");
    }
    List<String> segments = new ArrayList<>();
    for (String segment : name.split("/")) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        PathNames.requireSegment("archive: entry", name, segment);
        segments.add(segment);
      }
    }
    if (segments.size() > MOST_SEGMENTS) {
      throw refused(entry, "is too deep", "at most " + MOST_SEGMENTS + " folders");
    }
    return target.resolve(String.join("/", segments));
  }

  /** Makes the folder and those above it; whatever else has the name is no folder of ours. */
  private void folder(ArchiveEntry entry, @Nullable Path path)
      throws IOException, PrepareException {
    if (path == null || path.equals(target)) {
      return;
    }
    Made known = made.get(path);
    if (known == Made.FOLDER) {
      return;
    }
    if (known != null) {
      throw refused(entry, "is inside a file or link, or is there twice", "each name once");
    }
    folder(entry, path.getParent());
    if (made.size() > 2 * limits.entries()) {
      throw refused(entry, "needs too many folders", "at most " + limits.entries() + " entries");
    }
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(Disk.permissions(0700)));
    made.put(path, Made.FOLDER);
  }

  private void write(ArchiveEntry entry, Path path, InputStream content)
      throws IOException, PrepareException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(Disk.permissions(0600)))) {
      for (int count = content.read(buffer.array());
          count >= 0;
          count = content.read(buffer.array())) {
        bytes += count;
        if (bytes > mostBytes) {
          throw refused(entry, "makes it too large", "at most " + mostBytes + " bytes unpacked");
        }
        buffer.clear().limit(count);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      Files.setPosixFilePermissions(
          path, Disk.permissions((entry.mode() & 0111) != 0 ? 0555 : 0444));
      // Caches of Java remember the times of the files that they were made of.
      if (entry.modified().isPresent() && isPlausible(entry.modified().get())) {
        Files.setLastModifiedTime(path, FileTime.from(entry.modified().get()));
      }
      channel.force(true);
    }
  }

  /** What a file system can keep. */
  private static boolean isPlausible(Instant time) {
    return time.isAfter(Instant.EPOCH) && time.isBefore(LATEST);
  }

  private Path finish() throws IOException, PrepareException {
    for (Map.Entry<Path, String> link : links.entrySet()) {
      Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
    }
    Path root = root();
    Path realRoot = root.toRealPath();
    for (Map.Entry<Path, String> link : links.entrySet()) {
      requireInside(realRoot, link.getKey(), link.getValue());
    }
    for (Map.Entry<Path, Made> entry : made.entrySet()) {
      if (entry.getValue() == Made.FOLDER) {
        Disk.sync(entry.getKey());
        if (!entry.getKey().equals(root)) {
          Files.setPosixFilePermissions(entry.getKey(), Disk.permissions(0555));
        }
      }
    }
    return root;
  }

  private void requireInside(Path realRoot, Path link, String to)
      throws IOException, PrepareException {
    Path real;
    try {
      real = link.toRealPath();
    } catch (IOException leadsNowhere) {
      throw new PrepareException(
          "archive: link "
              + target.relativize(link)
              + " to "
              + PathNames.shown(to)
              + " (expected: something in the archive)",
          leadsNowhere);
    }
    if (!real.startsWith(realRoot)) {
      throw new PrepareException(
          "archive: link "
              + target.relativize(link)
              + " to "
              + PathNames.shown(to)
              + " leaves the archive (expected: something in it)");
    }
  }

  private Path root() {
    List<Map.Entry<Path, Made>> tops =
        made.entrySet().stream()
            .filter(entry -> target.equals(entry.getKey().getParent()))
            .toList();
    return tops.size() == 1 && tops.getFirst().getValue() == Made.FOLDER
        ? tops.getFirst().getKey()
        : target;
  }

  /** The tar's stream goes on after this entry. */
  private static InputStream unclosed(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return in.read(target, offset, length);
      }

      @Override
      public void close() {}
    };
  }

  private static PrepareException refused(ArchiveEntry entry, String what, String expected) {
    return new PrepareException(
        "archive: entry "
            + PathNames.shown(entry.name())
            + " "
            + what
            + " (expected: "
            + expected
            + ")");
  }
}
