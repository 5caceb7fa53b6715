package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.policy.KeyRing;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.Archives;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.Checkpoint;
import io.easyagent.sidecar.prepare.PathNames;
import io.easyagent.sidecar.prepare.Pause;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.StoppedException;
import io.easyagent.sidecar.prepare.TreeRemoval;
import io.easyagent.sidecar.prepare.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Distributions of the sidecar, from the server to a folder beside the versions that are there. */
public final class Distributions {
  /** In each version: the SHA-256 of the archive that it came from, as install.sh writes it. */
  static final String MARKER = "SHA256";

  private static final Logger LOG = Logger.getLogger(Distributions.class.getName());

  /** Bytes on disk for each byte of an archive, itself included; a distribution has about three. */
  private static final int ROOM = 5;

  private static final Duration PROOF = Duration.ofSeconds(60);
  private static final int LONGEST_PROOF = 1_000;

  /** Without these a version cannot be tried, or not be left again. */
  private static final List<Path> NEEDED =
      List.of(
          Path.of("bin/easyagent-sidecar"),
          Path.of("bin/easyagent-sidecar-loop"),
          Path.of("lib/easyagent-sidecar-guard"),
          Path.of(ReleaseKeys.NAME));

  private final Installation installation;
  private final String platform;
  private final Archives archives;
  private final Proc proc;

  /**
   * @param architecture as Java calls it
   */
  Distributions(
      Installation installation,
      String architecture,
      Artifacts artifacts,
      Accounts accounts,
      Proc proc) {
    this.installation = installation;
    this.platform = "linux-" + (architecture.equals("amd64") ? "x86_64" : architecture);
    this.archives =
        new Archives(installation.incoming(), MARKER, artifacts, accounts, UnpackLimits.DEFAULT);
    this.proc = proc;
  }

  /**
   * Looks at all that can be known before anything is fetched.
   *
   * @param accepted the host's own keys; empty: those that came with the installation
   * @return whether it runs already
   * @throws PrepareException what is against it
   */
  public boolean check(PackageReference distribution, Optional<KeyRing> accepted)
      throws PrepareException, IOException {
    String expected = "easyagent-sidecar-" + platform;
    if (!distribution.name().equals(expected)) {
      throw new PrepareException(
          "distribution: "
              + PathNames.shown(distribution.name())
              + " (expected: "
              + expected
              + ", the one for this host)");
    }
    Optional<String> unsigned = keys(accepted).against(distribution);
    if (unsigned.isPresent()) {
      throw new PrepareException(unsigned.get());
    }
    Path version = version(distribution);
    if (distribution.version().equals(installation.running())) {
      if (archives.isUnpacked(distribution, version)) {
        return true;
      }
      throw new PrepareException(
          "version "
              + installation.running()
              + " runs already, from another archive (expected: a new version for a new content)");
    }
    requireRoom(distribution, version);
    return false;
  }

  private KeyRing keys(Optional<KeyRing> accepted) throws PrepareException, IOException {
    if (accepted.isPresent()) {
      return accepted.get();
    }
    try {
      return ReleaseKeys.read(installation.releaseKeys());
    } catch (NoSuchFileException none) {
      throw new PrepareException(
          "no key of a release is known here: "
              + installation.releaseKeys()
              + " is not there (expected: the file that install.sh puts there, or sidecar.keys in"
              + " the host's policy)",
          none);
    } catch (ConfigurationException unusable) {
      throw new PrepareException(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private void requireRoom(PackageReference distribution, Path version)
      throws IOException, PrepareException {
    long free = Files.getFileStore(installation.top()).getUsableSpace();
    long needed = ROOM * distribution.size();
    if (!archives.isUnpacked(distribution, version) && free < needed) {
      throw new PrepareException(
          "disk full: "
              + installation.top()
              + " (free: "
              + free
              + " bytes, expected: at least "
              + needed
              + ")");
    }
  }

  /** As {@link Archives#fetch}. */
  public void fetch(PackageReference distribution, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    archives.fetch(distribution, version(distribution), pause);
  }

  /** As {@link Archives#verify}. */
  public void verify(PackageReference distribution, Pause pause)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    archives.verify(distribution, version(distribution), pause);
  }

  /** As {@link Archives#unpack}. */
  public void unpack(PackageReference distribution, Pause pause, Checkpoint checkpoint)
      throws PrepareException, StoppedException, IOException, InterruptedException {
    Path version = version(distribution);
    archives.unpack(
        distribution,
        version,
        installation.version(distribution.version() + ".new"),
        isUsed(version),
        pause,
        checkpoint);
  }

  public boolean isUnpacked(PackageReference distribution) throws PrepareException, IOException {
    return archives.isUnpacked(distribution, version(distribution));
  }

  private Path version(PackageReference distribution) throws PrepareException {
    return installation.version(PathNames.requireVersion(distribution.version()));
  }

  /**
   * Shows that a version runs on this machine, and is the one that it is called. One that is not is
   * removed.
   */
  public void prove(PackageReference distribution)
      throws PrepareException, IOException, InterruptedException {
    Path version = version(distribution);
    try {
      for (Path needed : NEEDED) {
        if (!Files.isRegularFile(version.resolve(needed), LinkOption.NOFOLLOW_LINKS)) {
          throw new PrepareException(
              "version "
                  + distribution.version()
                  + ": no "
                  + needed
                  + " in it (expected: a distribution that can be tried)");
        }
      }
      ReleaseKeys.ofDistribution(version);
      String expected = "easyagent-sidecar " + distribution.version();
      String said = say(version);
      // Beside what Java may warn of.
      if (said.lines().noneMatch(expected::equals)) {
        throw new PrepareException(
            "version "
                + distribution.version()
                + " does not run on this machine: its program says \""
                + PathNames.shown(said)
                + "\" (expected: \""
                + expected
                + "\")");
      }
    } catch (PrepareException refused) {
      remove(version);
      throw refused;
    } catch (ConfigurationException keys) {
      remove(version);
      throw new PrepareException(String.valueOf(keys.getMessage()), keys);
    }
  }

  private void remove(Path version) throws IOException {
    if (!isUsed(version)) {
      TreeRemoval.remove(version);
    }
  }

  /** To a file: what a program leaves running may hold a pipe for ever. */
  private String say(Path version) throws IOException, InterruptedException {
    Files.createDirectories(
        installation.incoming(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path said = Files.createTempFile(installation.incoming(), "said-", "");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(version.resolve("bin/easyagent-sidecar").toString(), "version")
              .directory(installation.top().toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      builder.environment().clear();
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      Process process = builder.start();
      try {
        if (!process.waitFor(PROOF.toSeconds(), TimeUnit.SECONDS)) {
          return "nothing within " + PROOF.toSeconds() + " s";
        }
      } finally {
        process.destroyForcibly();
      }
      try (InputStream in = Files.newInputStream(said)) {
        String text = new String(in.readNBytes(LONGEST_PROOF), StandardCharsets.UTF_8);
        return process.exitValue() == 0
            ? text.strip()
            : "exit status " + process.exitValue() + ": " + text.strip().replace('\n', ' ');
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Removes versions that are neither kept nor run from; what cannot be removed stays. */
  public void removeBut(Set<String> kept) {
    try (Stream<Path> versions = Files.list(installation.versions())) {
      for (Path version : versions.toList()) {
        if (!kept.contains(String.valueOf(version.getFileName()))
            && !String.valueOf(version.getFileName()).equals(installation.running())
            && !isUsed(version)) {
          TreeRemoval.remove(version);
        }
      }
    } catch (IOException left) {
      LOG.log(Level.WARNING, "earlier versions could not be removed: {0}", left.toString());
    }
  }

  /** Whether a process runs a program of the version: it needs more of it later. */
  private boolean isUsed(Path version) {
    return version.equals(installation.version(installation.running()))
        || proc.pids().stream()
            .map(proc::findProgram)
            .flatMap(Optional::stream)
            .anyMatch(program -> program.startsWith(version));
  }
}
