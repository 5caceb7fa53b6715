package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.prepare.ConfigFiles.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFilesTest {
  private static final Variables VARIABLES = new Variables(Map.of("host.name", "web-1"));

  @TempDir Path data;
  private final FakeAccounts accounts = new FakeAccounts();
  private final ConfigFiles files = new ConfigFiles(accounts);
  private AgentFolders folders;

  @BeforeEach
  void layOut() throws Exception {
    HostFolders host = new HostFolders(data);
    folders = host.agent("filebeat");
    new AgentLayout(host, accounts).create(folders, accounts.beats());
  }

  private static DefinedFile template(String path, int mode, String text) {
    return new DefinedFile(
        path,
        mode,
        new DefinedFile.Apply.Restart(),
        Optional.empty(),
        new DefinedFile.Source.Template(text));
  }

  private List<Change> apply(DefinedFile... defined) throws Exception {
    AgentDefinition definition = SampleDefinitions.withFiles(List.of(defined));
    List<Change> changes = files.layOut(definition, VARIABLES, folders, accounts.beats());
    files.replace(definition, folders, accounts.beats());
    return changes;
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino");
  }

  private static Change changed(String path) {
    return new Change(path, Change.Kind.CREATED_OR_CHANGED);
  }

  @Test
  void rendersWithModeAndGroup() throws Exception {
    assertEquals(
        List.of(changed("a.yml"), changed("sub/b.conf")),
        apply(template("a.yml", 0640, "n: {{host.name}}\n"), template("sub/b.conf", 0600, "x")));
    Path file = folders.config().resolve("a.yml");
    assertEquals("n: \"web-1\"\n", Files.readString(file));
    assertEquals(0640, (int) Files.getAttribute(file, "unix:mode") & 07777);
    assertEquals(accounts.beats().gid(), Files.getAttribute(file, "unix:gid"));
    assertEquals(accounts.own().uid(), Files.getAttribute(file, "unix:uid"));
    assertEquals(accounts.beats().uid(), Files.getAttribute(folders.data(), "unix:uid"));
    assertFalse(Files.exists(folders.candidates()));
  }

  @Test
  void doesNotWriteWhatHasNotChanged() throws Exception {
    apply(template("a.yml", 0640, "x"), template("b.yml", 0640, "x"));
    Object before = inode(folders.config().resolve("a.yml"));
    Object other = inode(folders.config().resolve("b.yml"));
    assertEquals(
        List.of(changed("b.yml")),
        apply(template("a.yml", 0640, "x"), template("b.yml", 0640, "y")));
    assertEquals(before, inode(folders.config().resolve("a.yml")));
    assertNotEquals(other, inode(folders.config().resolve("b.yml")));
    assertEquals(List.of(), apply(template("a.yml", 0640, "x"), template("b.yml", 0640, "y")));
  }

  @Test
  void aChangedModeIsAChange() throws Exception {
    apply(template("a.yml", 0640, "x"));
    assertEquals(List.of(changed("a.yml")), apply(template("a.yml", 0600, "x")));
  }

  @Test
  void theFilesInForceStayUntilTheyAreReplaced() throws Exception {
    apply(template("a.yml", 0640, "old"));
    files.layOut(
        SampleDefinitions.withFiles(List.of(template("a.yml", 0640, "new"))),
        VARIABLES,
        folders,
        accounts.beats());
    assertEquals("old", Files.readString(folders.config().resolve("a.yml")));
    assertEquals("new", Files.readString(folders.candidates().resolve("a.yml")));
  }

  @Test
  void removesWhatIsNoLongerDefined() throws Exception {
    apply(template("a.yml", 0640, "x"), template("sub/deep/b.yml", 0640, "x"));
    assertEquals(
        List.of(new Change("sub/deep/b.yml", Change.Kind.REMOVED)),
        apply(template("a.yml", 0640, "x")));
    assertFalse(Files.exists(folders.config().resolve("sub")));
  }

  @Test
  void aFileBecomesAFolderAndBack() throws Exception {
    apply(template("a", 0640, "x"));
    apply(template("a/b", 0640, "x"));
    assertEquals("x", Files.readString(folders.config().resolve("a/b")));
    apply(template("a", 0640, "y"));
    assertEquals("y", Files.readString(folders.config().resolve("a")));
  }

  @Test
  void aLinkInTheWayIsReplacedNotFollowed() throws Exception {
    Path outside = Files.writeString(data.resolve("outside"), "x");
    Files.createSymbolicLink(folders.config().resolve("a.yml"), outside);
    apply(template("a.yml", 0640, "x"));
    assertFalse(Files.isSymbolicLink(folders.config().resolve("a.yml")));
    assertEquals("x", Files.readString(outside));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/a", "a//b", "a/./b", "", "a/..", "a\nb"})
  void refusesPathsThatLeaveTheFolder(String path) {
    PrepareException refused =
        assertThrows(PrepareException.class, () -> apply(template(path, 0640, "x")));
    assertTrue(refused.getMessage().startsWith("files: "), refused.getMessage());
  }

  @Test
  void refusesFilesThatTheAgentCouldChange() {
    PrepareException refused =
        assertThrows(PrepareException.class, () -> apply(template("a", 0660, "x")));
    assertTrue(refused.getMessage().contains("0660"), refused.getMessage());
  }

  @Test
  void refusesTheSamePathTwiceAndAFileThatIsAFolder() {
    assertThrows(
        PrepareException.class, () -> apply(template("a", 0600, "x"), template("a", 0600, "y")));
    assertThrows(
        PrepareException.class, () -> apply(template("a", 0600, "x"), template("a/b", 0600, "y")));
  }
}
