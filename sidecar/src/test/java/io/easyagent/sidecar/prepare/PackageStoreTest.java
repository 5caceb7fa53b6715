package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.PackageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageStoreTest {
  private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 50, 200);

  @TempDir Path data;
  private final FakeArtifacts artifacts = new FakeArtifacts();
  private final FakeAccounts accounts = new FakeAccounts();
  private final List<Duration> pauses = new ArrayList<>();
  private HostFolders folders;
  private AgentFolders agent;
  private PackageStore store;

  @BeforeEach
  void layOut() throws Exception {
    folders = new HostFolders(data.resolve("data"));
    agent = folders.agent("filebeat");
    new AgentLayout(folders, accounts).create(agent, accounts.beats());
    store = new PackageStore(folders, artifacts, accounts, LIMITS);
  }

  @AfterEach
  void removeWhatIsReadOnly() throws IOException {
    TreeRemoval.remove(folders.data());
  }

  private void prepare(PackageReference reference) throws Exception {
    store.fetch(reference, agent, pauses::add);
    store.verify(reference, agent, pauses::add);
    store.unpack(reference, agent, false, pauses::add, () -> {});
  }

  private static ArchiveBuilder good() {
    return new ArchiveBuilder()
        .folder("filebeat-8/")
        .file("filebeat-8/bin/filebeat", "#!/bin/sh\n", 04775)
        .file("filebeat-8/README", "read", 0666)
        .link("filebeat-8/run", "bin/filebeat")
        .hardLink("filebeat-8/copy", "filebeat-8/README");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  static Stream<byte[]> formats() {
    ArchiveBuilder withoutHardLink =
        new ArchiveBuilder()
            .folder("filebeat-8/")
            .file("filebeat-8/bin/filebeat", "#!/bin/sh\n", 04775)
            .file("filebeat-8/README", "read", 0666)
            .link("filebeat-8/run", "bin/filebeat")
            .file("filebeat-8/copy", "read", 0644);
    return Stream.of(good().tarGz(), good().tar(), withoutHardLink.zip());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void unpacksWithoutTheTopFolderReadOnly(byte[] archive) throws Exception {
    PackageReference reference = artifacts.add("filebeat", "8.15.3", archive);
    prepare(reference);
    Path version = agent.version("8.15.3");
    assertEquals("r-xr-xr-x", mode(version.resolve("bin/filebeat")));
    assertEquals("r--r--r--", mode(version.resolve("README")));
    assertEquals("r-xr-xr-x", mode(version.resolve("bin")));
    assertEquals("r-xr-xr-x", mode(version));
    assertEquals("read", Files.readString(version.resolve("copy")));
    assertEquals(Path.of("bin/filebeat"), Files.readSymbolicLink(version.resolve("run")));
    assertTrue(store.isUnpacked(reference, agent));
    try (Stream<Path> left = Files.list(folders.packages())) {
      assertEquals(List.of(), left.toList());
    }
    assertFalse(Files.exists(agent.unfinished("8.15.3")));
  }

  @Test
  void doesNothingTwice() throws Exception {
    PackageReference reference = artifacts.add("filebeat", "8.15.3", good().tarGz());
    prepare(reference);
    prepare(reference);
    assertEquals(List.of(0L), artifacts.offsets());
  }

  @Test
  void resumesABrokenDownloadWhereItBroke() throws Exception {
    byte[] archive = good().tarGz();
    PackageReference reference = artifacts.add("filebeat", "8.15.3", archive);
    artifacts.breakAfter(100, 2);
    prepare(reference);
    assertEquals(List.of(0L, 100L, 200L), artifacts.offsets());
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), pauses);
  }

  @Test
  void backsOffWhileNothingComes() throws Exception {
    PackageReference reference = artifacts.add("filebeat", "8.15.3", good().tarGz());
    artifacts.breakAfter(0, 7);
    prepare(reference);
    assertEquals(
        List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), pauses.stream().map(Duration::toSeconds).toList());
  }

  @Test
  void stopsBetweenTwoTries() throws Exception {
    PackageReference reference = artifacts.add("filebeat", "8.15.3", good().tarGz());
    artifacts.breakAfter(10, 1);
    assertThrows(
        StoppedException.class,
        () ->
            store.fetch(
                reference,
                agent,
                pause -> {
                  throw new StoppedException();
                }));
    assertEquals(10, Files.size(folders.packages().resolve(reference.sha256() + ".partial")));
  }

  @Test
  void removesAnArchiveWithAnotherChecksum() throws Exception {
    byte[] archive = good().tarGz();
    PackageReference reference = artifacts.add("filebeat", "8.15.3", archive);
    byte[] wrong = archive.clone();
    wrong[40] ^= 1;
    artifacts.serve(reference.sha256(), wrong);
    PrepareException refused = assertThrows(PrepareException.class, () -> prepare(reference));
    assertTrue(refused.getMessage().contains(reference.sha256()), refused.getMessage());
    assertTrue(refused.getMessage().contains(ArchiveBuilder.sha256(wrong)), refused.getMessage());
    assertFalse(Files.exists(folders.packages().resolve(reference.sha256() + ".partial")));
    assertFalse(Files.exists(agent.version("8.15.3")));
  }

  @Test
  void takesNoByteMoreThanTheSize() throws Exception {
    byte[] archive = good().tarGz();
    PackageReference reference = artifacts.add("filebeat", "8.15.3", archive);
    artifacts.serve(reference.sha256(), Arrays.copyOf(archive, archive.length + 1));
    PrepareException refused = assertThrows(PrepareException.class, () -> prepare(reference));
    assertTrue(refused.getMessage().contains("sent more than its size"), refused.getMessage());
  }

  @Test
  void saysSoWhenTheDiskHasNoRoom() {
    PackageReference reference =
        new PackageReference("filebeat", "8", ArchiveBuilder.sha256(new byte[0]), 1L << 60);
    PrepareException refused =
        assertThrows(PrepareException.class, () -> store.fetch(reference, agent, pauses::add));
    assertTrue(refused.getMessage().startsWith("disk full: " + data), refused.getMessage());
    assertTrue(refused.getMessage().contains("free: "), refused.getMessage());
  }

  @Test
  void refusesAnotherContentForTheVersionInForce() throws Exception {
    prepare(artifacts.add("filebeat", "8.15.3", good().tarGz()));
    PackageReference other =
        artifacts.add("filebeat", "8.15.3", good().file("filebeat-8/x", "x", 0644).tarGz());
    PrepareException refused =
        assertThrows(
            PrepareException.class, () -> store.unpack(other, agent, true, pauses::add, () -> {}));
    assertTrue(refused.getMessage().contains("a new version"), refused.getMessage());
    store.unpack(other, agent, false, pauses::add, () -> {});
    assertTrue(Files.exists(agent.version("8.15.3").resolve("x")));
  }

  private record Hostile(String name, byte[] archive, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Hostile> hostile() {
    byte[] much = new byte[900_000];
    byte[] nameBomb = new ArchiveBuilder().longName(3 << 20).file("a/b", "x", 0644).tarGz();
    byte[] truncated = Arrays.copyOf(good().tarGz(), 180);
    ArchiveBuilder many = new ArchiveBuilder();
    for (int index = 0; index < 60; index++) {
      many.file("f" + index, "", 0644);
    }
    ArchiveBuilder deep = new ArchiveBuilder().file("a/".repeat(70) + "f", "", 0644);
    return Stream.of(
        new Hostile("absolute", tarred("/etc/evil"), "absolute path"),
        new Hostile("climbing", tarred("a/../../evil"), "\"..\""),
        new Hostile("control character", tarred("a/e\nvil"), "\"..\""),
        new Hostile("zip climbing", new ArchiveBuilder().file("../e", "", 0644).zip(), "\"..\""),
        new Hostile(
            "zip absolute", new ArchiveBuilder().file("/e", "", 0644).zip(), "absolute path"),
        new Hostile("link to absolute", linked("a/l", "/etc/passwd"), "is a link to"),
        new Hostile("link out", linked("a/l", "../../../x"), "link a/l"),
        new Hostile("link beside the top folder", beside(), "leaves the archive"),
        new Hostile("link to nothing", linked("a/l", "none"), "something in the archive"),
        new Hostile("link to itself", linked("a/l", "l"), "something in the archive"),
        new Hostile("zip link out", zipLinked(), "link a/l"),
        new Hostile("file through a link", through(), "inside a file or link"),
        new Hostile("link over a folder", linked("a/f/", "/tmp"), "is a link to"),
        new Hostile("file twice", good().file("filebeat-8/README", "b", 0644).tar(), "twice"),
        new Hostile("link, then file", replaced(), "twice"),
        new Hostile("folder over a file", overFile(), "twice"),
        new Hostile(
            "hard link out",
            new ArchiveBuilder().file("a/f", "", 0644).hardLink("a/h", "../../x").tar(),
            "\"..\""),
        new Hostile(
            "hard link to a link",
            new ArchiveBuilder()
                .file("a/f", "", 0644)
                .link("a/l", "f")
                .hardLink("a/h", "a/l")
                .tar(),
            "hard link"),
        new Hostile("device", special(TarConstants.LF_CHR), "a device"),
        new Hostile("block device", special(TarConstants.LF_BLK), "a device"),
        new Hostile("fifo", special(TarConstants.LF_FIFO), "a FIFO"),
        new Hostile(
            "bomb", new ArchiveBuilder().file("a", much).file("b", much).tarGz(), "too large"),
        new Hostile(
            "zip bomb", new ArchiveBuilder().file("a", much).file("b", much).zip(), "too large"),
        new Hostile("many", many.tarGz(), "one too many"),
        new Hostile("zip many", many.zip(), "too many entries"),
        new Hostile("deep", deep.tarGz(), "too deep"),
        new Hostile("name bomb", nameBomb, "headers of one entry"),
        new Hostile("truncated", truncated, "cannot be unpacked"),
        new Hostile("truncated zip", Arrays.copyOf(good2().zip(), 200), "truncated zip"),
        new Hostile(
            "marker",
            new ArchiveBuilder().file(PackageStore.MARKER, "x", 0644).tar(),
            "the sidecar's"),
        new Hostile("no archive", "hello".getBytes(), "unknown format"),
        new Hostile("empty", new byte[0], "size: 0"));
  }

  private static ArchiveBuilder good2() {
    return new ArchiveBuilder().file("a/f", "x".repeat(500), 0644).file("a/g", "y", 0644);
  }

  private static byte[] tarred(String name) {
    return new ArchiveBuilder().file("a/b", "", 0644).file(name, "evil", 0644).tarGz();
  }

  private static byte[] linked(String name, String target) {
    return new ArchiveBuilder().file("a/b", "", 0644).link(name, target).tarGz();
  }

  private static byte[] zipLinked() {
    return new ArchiveBuilder().file("a/b", "", 0644).link("a/l", "../../x").zip();
  }

  /** Inside the folder it is unpacked to, outside the package's root. */
  private static byte[] beside() {
    return new ArchiveBuilder().file("a/b", "", 0644).link("a/l", "..").tarGz();
  }

  private static byte[] through() {
    return new ArchiveBuilder()
        .file("a/f", "", 0644)
        .link("a/l", "../../..")
        .file("a/l/evil", "evil", 0644)
        .tarGz();
  }

  private static byte[] replaced() {
    return new ArchiveBuilder()
        .file("a/f", "", 0644)
        .link("a/l", "f")
        .file("a/l", "evil", 0644)
        .tarGz();
  }

  private static byte[] overFile() {
    return new ArchiveBuilder().file("a/f", "", 0644).folder("a/f/").tarGz();
  }

  private static byte[] special(byte type) {
    return new ArchiveBuilder().file("a/f", "", 0644).special("a/d", type).tarGz();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesAHostileArchiveAndLeavesNothing(Hostile hostile) throws Exception {
    PackageReference reference = artifacts.add("evil", "1", hostile.archive());
    PrepareException refused = assertThrows(PrepareException.class, () -> prepare(reference));
    assertTrue(refused.getMessage().contains(hostile.reason()), refused.getMessage());
    try (Stream<Path> left = Files.list(agent.versions())) {
      assertEquals(List.of(), left.toList());
    }
    try (Stream<Path> above = Files.list(data)) {
      assertEquals(List.of(folders.data()), above.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "../x", "a/b", "", "a..b", "x.new", "-x", "a b"})
  void refusesVersionsThatAreNoNames(String version) {
    assertThrows(PrepareException.class, () -> agent.version(version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "../x", "a/b", "", "a..b", "A", "-x", "a b", "a."})
  void refusesAgentNamesThatAreNoNames(String name) {
    assertThrows(PrepareException.class, () -> folders.agent(name));
  }
}
