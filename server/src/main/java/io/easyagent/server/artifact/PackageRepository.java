package io.easyagent.server.artifact;

import io.easyagent.definition.Names;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The packages that agents are installed from, and sidecars upgraded to. A version's bytes never
 * change: the same bytes again change nothing but the signature, where there is another; others are
 * refused. Methods wait for the store and the disk.
 */
public final class PackageRepository implements Archives {
  public static final long USUAL_MOST_BYTES = 2L << 30;

  private final PackageTable table;
  private final ArchiveFolder folder;
  private final List<PackageUse> uses;
  private final Reader reader;
  private final Writer writer;
  private final Audit audit;
  private final InstantSource clock;

  /** What became of a push. */
  public record Pushed(PackageVersion version, boolean created) {}

  /** Opens the folder and removes what a crash left there. */
  public PackageRepository(
      PackageTable table,
      Path folder,
      long mostBytes,
      List<PackageUse> uses,
      Reader reader,
      Writer writer,
      Audit audit,
      InstantSource clock) {
    this.table = table;
    this.folder = new ArchiveFolder(folder, mostBytes);
    this.uses = List.copyOf(uses);
    this.reader = reader;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
    this.folder.sweep(reader.read(table::archives));
  }

  /**
   * Stores an archive; on disk when it returns.
   *
   * @param sha256 that the sender says it has
   * @param signature lower-case hexadecimal; kept as it is, for hosts to verify
   * @throws RefusedException BAD_REQUEST for a name, a version, an archive or a checksum that is
   *     none; CONFLICT for other bytes of a version that exists; TOO_LARGE; STORAGE_FULL
   */
  public Pushed push(
      String name,
      String version,
      Optional<String> sha256,
      Optional<String> signature,
      InputStream bytes,
      AuditEntry.Origin origin) {
    checkName(name, version);
    ArchiveFolder.Received received = folder.receive(bytes);
    try {
      check(received, sha256);
      find(name, version).ifPresent(existing -> refuseOtherBytes(existing, received));
      return store(name, version, received, signature, origin);
    } finally {
      folder.discard(received.file());
    }
  }

  private static void checkName(String name, String version) {
    if (!Names.isName(name) && !SidecarPlatform.isPackage(name)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "name: " + Shown.of(name) + " (expected: " + Names.EXPECTED_NAME + ")");
    }
    if (!Names.isVersion(version)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "version: " + Shown.of(version) + " (expected: " + Names.EXPECTED_VERSION + ")");
    }
  }

  private static void check(ArchiveFolder.Received received, Optional<String> sha256) {
    if (sha256.isPresent() && !sha256.get().equals(received.sha256())) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "the archive's sha256 is %s (expected: %s, as the sender says)"
              .formatted(received.sha256(), sha256.get()));
    }
    try {
      if (ArchiveKind.of(received.file()).isEmpty()) {
        throw new RefusedException(
            ErrorCode.BAD_REQUEST,
            "%d bytes that are no archive (expected: %s)"
                .formatted(received.size(), ArchiveKind.EXPECTED));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Pushed store(
      String name,
      String version,
      ArchiveFolder.Received received,
      Optional<String> signature,
      AuditEntry.Origin origin) {
    // The file has its name before the row is there: a row always has its bytes.
    folder.keep(received);
    PackageVersion wanted =
        new PackageVersion(
            name,
            version,
            received.sha256(),
            received.size(),
            clock.instant(),
            origin.actor(),
            signature);
    Writer.Work<Pushed> work =
        transaction -> {
          Optional<PackageVersion> existing = table.find(transaction, name, version);
          if (existing.isPresent()) {
            refuseOtherBytes(existing.get(), received);
            return new Pushed(sign(transaction, existing.get(), signature, origin), false);
          }
          table.insert(transaction, wanted);
          audit.append(
              transaction,
              origin,
              new AuditEntry.Act(
                  "package.push",
                  name
                      + "@"
                      + version
                      + " sha256 "
                      + received.sha256()
                      + (signature.isPresent() ? ", signed" : ""),
                  0));
          return new Pushed(wanted, true);
        };
    return writer.write(work);
  }

  /**
   * What has been signed only now, or by another key; a push without a signature takes none away.
   */
  private PackageVersion sign(
      Transaction transaction,
      PackageVersion existing,
      Optional<String> signature,
      AuditEntry.Origin origin) {
    if (signature.isEmpty() || signature.equals(existing.signature())) {
      return existing;
    }
    PackageVersion signed = existing.signedWith(signature.get());
    table.sign(transaction, signed);
    audit.append(
        transaction,
        origin,
        new AuditEntry.Act("package.sign", signed.name() + "@" + signed.version(), 0));
    return signed;
  }

  private static void refuseOtherBytes(PackageVersion existing, ArchiveFolder.Received received) {
    if (!existing.sha256().equals(received.sha256())) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "%s@%s exists with sha256 %s (expected: the same bytes, not %s; give other bytes another version)"
              .formatted(
                  existing.name(), existing.version(), existing.sha256(), received.sha256()));
    }
  }

  public Optional<PackageVersion> find(String name, String version) {
    return reader.read(transaction -> table.find(transaction, name, version));
  }

  /** Sorted by name, then version as text. */
  public Page<PackageVersion> page(Optional<String> name, PageRequest request) {
    return reader.read(transaction -> table.page(transaction, name, request));
  }

  /**
   * Removes a package and its bytes. False when there is none.
   *
   * @throws RefusedException CONFLICT while somebody needs it
   */
  public boolean delete(String name, String version, AuditEntry.Origin origin) {
    Optional<PackageVersion> existing = find(name, version);
    if (existing.isEmpty()) {
      return false;
    }
    String sha256 = existing.get().sha256();
    Writer.Work<Boolean> work =
        transaction -> {
          uses.forEach(use -> refuseUsed(transaction, use, name + "@" + version));
          table.delete(transaction, name, version);
          audit.append(
              transaction, origin, new AuditEntry.Act("package.remove", name + "@" + version, 0));
          return table.isUsed(transaction, sha256);
        };
    if (!writer.write(work)) {
      folder.discard(folder.file(sha256));
    }
    return true;
  }

  private static void refuseUsed(Transaction transaction, PackageUse use, String reference) {
    long users = use.count().of(transaction, reference);
    if (users > 0) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "%s is used by %d %s (expected: none)".formatted(reference, users, use.users()));
    }
  }

  @Override
  public Optional<Archive> find(String sha256) {
    if (!ArchiveFolder.isSha256(sha256)) {
      return Optional.empty();
    }
    Path file = folder.file(sha256);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(new Archive(Files.size(file), file))
          : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
