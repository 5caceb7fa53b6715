package io.easyagent.server;

import io.easyagent.definition.DurationText;
import io.easyagent.server.backup.Backup;
import io.easyagent.server.backup.BackupException;
import io.easyagent.server.backup.Manifest;
import io.easyagent.server.backup.Restore;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** {@code easyagent server backup} and {@code restore}. */
final class BackupCommands {
  private final InputStream in;
  private final PrintStream out;
  private final InstantSource clock = SystemTime.wallClock();
  private final SecureRandom random = new SecureRandom();

  BackupCommands(InputStream in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  int backup(Invocation.MakeBackup wanted) throws BackupException {
    Path data = ServerConfigFile.read(wanted.config(), wanted.overrides()).data();
    char[] passphrase = new Passphrases(wanted.passphrase(), in).choose();
    long begun = SystemTime.nanoTime().getAsLong();
    NativeLibraries.unpackForCommand(data);
    Backup.Made made =
        new Backup(data, Server.version(), clock, random)
            .write(wanted.file(), passphrase, wanted.config());
    Duration taken = Duration.ofNanos(SystemTime.nanoTime().getAsLong() - begun);
    out.printf(
        "backup %s: %s, %d %s, schema %s, generation %s, in %s%n",
        wanted.file(),
        size(made.bytes()),
        made.archives(),
        made.archives() == 1 ? "package" : "packages",
        made.manifest().schema(),
        made.manifest().generation(),
        DurationText.format(taken.truncatedTo(ChronoUnit.MILLIS)));
    if (wanted.config().isEmpty()) {
      out.println("the configuration is not in it (no --config FILE)");
    }
    made.leftOut().forEach(name -> out.println("not in it: " + name));
    out.println("keep the passphrase: nobody can read the backup without it");
    return 0;
  }

  int restore(Invocation.RestoreBackup wanted) throws BackupException {
    Restore restore = new Restore(clock, random);
    Restore.Passphrase passphrase = new Passphrases(wanted.passphrase(), in)::recall;
    if (wanted.data().isEmpty()) {
      Manifest manifest = restore.check(wanted.file(), passphrase);
      out.println(wanted.file() + ": whole; " + describe(manifest));
      return 0;
    }
    Path data = wanted.data().get();
    restore.prepare(wanted.file(), data, wanted.replace());
    NativeLibraries.unpackForCommand(data);
    Restore.Restored restored = restore.restore(wanted.file(), data, passphrase, wanted.replace());
    report(wanted.file(), data, restored);
    return 0;
  }

  private void report(Path file, Path data, Restore.Restored restored) {
    out.println("restored " + data + " from " + file);
    out.println(
        "  "
            + restored
                .manifest()
                .map(BackupCommands::describe)
                .orElse("the store alone, schema " + restored.schema()));
    out.println("  generation " + restored.before() + " -> " + restored.generation());
    if (restored.configuration()) {
      out.println("  its configuration: " + data.resolve("server.yaml"));
    }
    restored
        .keptAside()
        .ifPresent(folder ->
            out.println("  what was there is in " + folder + " (remove it when all is well)"));
    out.print(
        """
        next: start the server. Then
          operations that had not ended when the backup was made end as INTERRUPTED
          hosts that enrolled after it are pending: easyagent host list
          hosts, tokens and certificates that were revoked after it are valid again: revoke them again
        """);
  }

  private static String describe(Manifest manifest) {
    return "backup of %s, fleet %s, server %s, schema %s"
        .formatted(
            manifest.createdAt().truncatedTo(ChronoUnit.SECONDS),
            Optional.of(manifest.fleet()).filter(fleet -> !fleet.isEmpty()).orElse("unknown"),
            manifest.version(),
            manifest.schema());
  }

  /** For people: one digit after the point. */
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
