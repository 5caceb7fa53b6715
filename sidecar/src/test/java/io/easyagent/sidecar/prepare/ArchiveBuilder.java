package io.easyagent.sidecar.prepare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Builds archives, hostile ones too: nothing is checked. */
public final class ArchiveBuilder {
  private record Entry(String name, byte type, String link, int mode, byte[] content) {}

  private final List<Entry> entries = new ArrayList<>();

  public ArchiveBuilder file(String name, String content, int mode) {
    return add(name, TarConstants.LF_NORMAL, "", mode, content.getBytes(StandardCharsets.UTF_8));
  }

  public ArchiveBuilder file(String name, byte[] content) {
    return add(name, TarConstants.LF_NORMAL, "", 0644, content);
  }

  public ArchiveBuilder folder(String name) {
    return add(name, TarConstants.LF_DIR, "", 0755, new byte[0]);
  }

  public ArchiveBuilder link(String name, String target) {
    return add(name, TarConstants.LF_SYMLINK, target, 0777, new byte[0]);
  }

  public ArchiveBuilder hardLink(String name, String target) {
    return add(name, TarConstants.LF_LINK, target, 0644, new byte[0]);
  }

  public ArchiveBuilder special(String name, byte type) {
    return add(name, type, "", 0644, new byte[0]);
  }

  /** A header of the GNU kind for a name of that many bytes. */
  public ArchiveBuilder longName(int length) {
    return add("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, "", 0644, new byte[length]);
  }

  private ArchiveBuilder add(String name, byte type, String link, int mode, byte[] content) {
    entries.add(new Entry(name, type, link, mode, content));
    return this;
  }

  public byte[] tar() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeTar(bytes);
    return bytes.toByteArray();
  }

  public byte[] tarGz() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      writeTar(gzip);
    } catch (IOException notInMemory) {
      throw new UncheckedIOException(notInMemory);
    }
    return bytes.toByteArray();
  }

  private void writeTar(OutputStream target) {
    try {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(target, "UTF-8");
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (Entry entry : entries) {
        TarArchiveEntry header = new TarArchiveEntry(entry.name(), entry.type(), true);
        header.setLinkName(entry.link());
        header.setMode(entry.mode());
        header.setModTime(0L);
        header.setSize(entry.content().length);
        tar.putArchiveEntry(header);
        tar.write(entry.content());
        tar.closeArchiveEntry();
      }
      tar.finish();
      tar.flush();
    } catch (IOException notInMemory) {
      throw new UncheckedIOException(notInMemory);
    }
  }

  public byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (Entry entry : entries) {
        ZipArchiveEntry header = new ZipArchiveEntry(entry.name());
        boolean link = entry.type() == TarConstants.LF_SYMLINK;
        boolean folder = entry.type() == TarConstants.LF_DIR;
        header.setUnixMode(
            entry.mode()
                | (link ? UnixStat.LINK_FLAG : folder ? UnixStat.DIR_FLAG : UnixStat.FILE_FLAG));
        header.setTime(0);
        zip.putArchiveEntry(header);
        zip.write(link ? entry.link().getBytes(StandardCharsets.UTF_8) : entry.content());
        zip.closeArchiveEntry();
      }
    } catch (IOException notInMemory) {
      throw new UncheckedIOException(notInMemory);
    }
    return bytes.toByteArray();
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
