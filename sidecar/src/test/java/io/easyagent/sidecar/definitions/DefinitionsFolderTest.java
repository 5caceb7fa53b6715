package io.easyagent.sidecar.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.wire.WrittenDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionsFolderTest {
  @TempDir Path temporary;
  private Path folder;
  private DefinitionsFolder definitions;

  @BeforeEach
  void make() throws Exception {
    folder = Files.createDirectory(temporary.resolve("agents"));
    int self = (int) Files.getAttribute(folder, "unix:uid");
    definitions = new DefinitionsFolder(folder, TrustedFiles.ofRootOr(self));
  }

  @Test
  void aFileDefinesTheAgentOfItsName() throws Exception {
    write("web.yaml", "{name: web, user: beats, command: [/bin/sleep, inf]}");
    write("notes.txt", "no definition");
    write(".web.yaml.swp", "no definition");
    write("web.yaml~", "no definition");
    assertEquals(Set.of("web"), definitions.read().keySet());
    Candidate.Defined web =
        assertInstanceOf(Candidate.Defined.class, definitions.read().get("web"));
    assertEquals(List.of("/bin/sleep", "inf"), web.definition().command());
  }

  @Test
  void everyFaultHasItsPlace() throws Exception {
    write("web.yaml", "name: web\nuser: beats\ncommand: [/bin/sleep]\nstop: {signl: TERM}\n");
    assertEquals(
        List.of("4:8 stop.signl: unknown key `stop.signl` (did you mean `signal`?)"),
        faults("web"));
  }

  @Test
  void whatOnlyAServerHasIsRefused() throws Exception {
    write("web.yaml", "{name: web, user: beats, package: web@1, command: [\"{{package}}/web\"]}");
    assertEquals(
        List.of(
            "package: web@1 (expected: none, with absolute commands: packages are the server's)"),
        faults("web"));
  }

  @Test
  void theNameOfTheFileIsTheNameOfTheAgent() throws Exception {
    write("web.yaml", "{name: api, user: beats, command: [/bin/sleep, inf]}");
    assertEquals(List.of("name: api (expected: web, as the file is called)"), faults("web"));
  }

  @Test
  void anotherEndingIsASlip() throws Exception {
    write("web.yml", "{name: web, user: beats, command: [/bin/sleep, inf]}");
    assertEquals(List.of("web.yml (expected: web.yaml, or no such file)"), faults("web"));
  }

  @Test
  void whatOthersCanWriteIsNotReliedOn() throws Exception {
    Path file = write("web.yaml", "{name: web, user: beats, command: [/bin/sleep, inf]}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertTrue(faults("web").getFirst().contains("mode: 664 (expected: writable by"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(failure().contains("agents: mode: 777 (expected: writable by"), failure());
    Files.setAttribute(folder, "unix:mode", 01777);
    assertTrue(failure().contains("agents: mode: 1777 (expected: writable by"), failure());
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path elsewhere = temporary.resolve("elsewhere.yaml");
    Files.writeString(elsewhere, "{name: web, user: beats, command: [/bin/sleep, inf]}");
    Files.createSymbolicLink(folder.resolve("web.yaml"), elsewhere);
    Files.createDirectory(folder.resolve("dir.yaml"));
    assertTrue(faults("web").getFirst().endsWith("(expected: a file)"));
    assertTrue(faults("dir").getFirst().endsWith("(expected: a file)"));
  }

  @Test
  void whatIsNoTextOrTooLargeIsAFault() throws Exception {
    Files.write(folder.resolve("web.yaml"), new byte[] {(byte) 0xC3, 0x28});
    Files.write(
        folder.resolve("large.yaml"), " ".repeat((256 << 10) + 1).getBytes(StandardCharsets.UTF_8));
    assertTrue(faults("web").getFirst().endsWith("is no text (expected: UTF-8)"));
    assertTrue(faults("large").getFirst().contains("more than 262144 bytes"));
  }

  @Test
  void aFolderThatIsNotThereOrTooFullDefinesNothingThatIsKnown() throws Exception {
    for (int number = 0; number <= DefinitionsFolder.MOST; number++) {
      write("a" + number + ".yaml", "");
    }
    assertTrue(failure().endsWith("more than 256 definitions (expected: at most as many)"));
    DefinitionsFolder missing =
        new DefinitionsFolder(temporary.resolve("none"), TrustedFiles.ofRootOr(0));
    assertTrue(
        assertThrows(ConfigurationException.class, missing::read)
            .getMessage()
            .endsWith("none: is not there (expected: the folder that sidecar.yaml names)"));
  }

  @Test
  void aDefinitionSaysTheSameAsOneThatAServerSends() {
    WrittenDefinition.Valid read =
        assertInstanceOf(
            WrittenDefinition.Valid.class,
            WrittenDefinition.read(
                """
                name: web
                user: beats
                command: [/bin/sleep, inf]
                files: {web.conf: {template: "name: {{host.name}}", apply: "signal:HUP"}}
                restart: {policy: on-failure, success: [143, TERM]}
                limits: {memory: 64MiB}
                umask: "0027"
                """));
    assertEquals(1, read.definition().files().size());
    assertEquals(64L << 20, read.definition().limits().memory().getAsLong());
    assertEquals(0027, read.definition().process().umask());
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> faults(String name) throws Exception {
    return assertInstanceOf(Candidate.Faulty.class, definitions.read().get(name)).faults();
  }

  private String failure() {
    return String.valueOf(
        assertThrows(ConfigurationException.class, definitions::read).getMessage());
  }
}
