package io.easyagent.sidecar.prepare;

import io.easyagent.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Archives of packages: nothing is made outside the folder, and nothing in it but files, folders
 * and links that stay inside.
 */
public final class ArchiveTarget implements FuzzTarget {
  private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 200, 200);
  private static final int SET_ID = 06000;

  private final Path place;

  public ArchiveTarget() {
    try {
      place = Files.createTempDirectory("fuzz-archive-");
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public List<byte[]> seeds() {
    try {
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
        gzip.write(tar());
      }
      return List.of(tar(), zipped.toByteArray(), zip());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("top/"));
      tar.closeArchiveEntry();
      byte[] content = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);
      TarArchiveEntry file = new TarArchiveEntry("top/run");
      file.setMode(04755);
      file.setSize(content.length);
      tar.putArchiveEntry(file);
      tar.write(content);
      tar.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("top/link", TarArchiveEntry.LF_SYMLINK);
      link.setLinkName("run");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      ZipArchiveEntry file = new ZipArchiveEntry("top/run");
      file.setUnixMode(0100755);
      zip.putArchiveEntry(file);
      zip.write(new byte[] {1, 2, 3});
      zip.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  @Override
  public void attack(byte[] input) throws IOException {
    Path archive = place.resolve("archive");
    Path target = Files.createDirectory(place.resolve("target"));
    Files.write(archive, input);
    try {
      Path root = Unpacking.unpack(archive, target, LIMITS, () -> {});
      FuzzTarget.must(root.normalize().startsWith(target), "root " + root);
      try (Stream<Path> made = Files.walk(target)) {
        for (Path each : made.toList()) {
          check(target.toRealPath(), each);
        }
      }
    } catch (PrepareException | StoppedException | IOException refused) {
      // as it must be
    }
    try (Stream<Path> beside = Files.list(place)) {
      FuzzTarget.must(beside.count() == 2, "something was made beside the folder");
    }
    remove(target);
  }

  private static void check(Path target, Path made) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(made, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    FuzzTarget.must(!attributes.isOther(), "neither file, folder nor link: " + made);
    if (attributes.isSymbolicLink()) {
      FuzzTarget.must(
          !Files.exists(made) || made.toRealPath().startsWith(target), "a link out: " + made);
    } else {
      int mode = (int) Files.getAttribute(made, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      FuzzTarget.must((mode & SET_ID) == 0, "a set-id bit: " + made);
    }
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, IOException failure)
              throws IOException {
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
