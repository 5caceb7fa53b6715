package io.easyagent.server.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveKindTest {
  @TempDir private Path folder;

  @Test
  void knowsArchivesByTheirBytes() throws Exception {
    assertEquals(Optional.of(ArchiveKind.TAR), kind(tar()));
    assertEquals(Optional.of(ArchiveKind.TAR_GZ), kind(gzip(tar())));
    assertEquals(Optional.of(ArchiveKind.ZIP), kind(zip()));
  }

  @Test
  void refusesWhatNoHostCouldOpen() throws Exception {
    byte[] damaged = tar();
    damaged[0]++;
    byte[] cut = Arrays.copyOf(gzip(tar()), 20);

    for (byte[] bytes :
        new byte[][] {
          {},
          "#!/bin/sh".getBytes(StandardCharsets.UTF_8),
          new byte[1024],
          damaged,
          cut,
          gzip("text".getBytes(StandardCharsets.UTF_8)),
          {0x1f, (byte) 0x8b, 0, 0}
        }) {
      assertEquals(Optional.empty(), kind(bytes));
    }
  }

  private Optional<ArchiveKind> kind(byte[] bytes) throws Exception {
    return ArchiveKind.of(Files.write(folder.resolve("archive"), bytes));
  }

  private static byte[] tar() {
    byte[] archive = new byte[1536];
    put(archive, 0, "file");
    put(archive, 148, "        ");
    long sum = 0;
    for (byte each : archive) {
      sum += each;
    }
    put(archive, 148, String.format("%06o\0 ", sum));
    return archive;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] zip() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("file"));
    }
    return out.toByteArray();
  }
}
