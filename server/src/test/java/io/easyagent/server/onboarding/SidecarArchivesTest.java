package io.easyagent.server.onboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarArchivesTest {
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;

  private SidecarArchives read() {
    return SidecarArchives.in(Optional.of(folder));
  }

  private void file(String name) throws Exception {
    Files.writeString(folder.resolve(name), "abc");
  }

  @Test
  void archivesAreKnownByTheirPlatform() throws Exception {
    file("install.sh");
    file("easyagent-sidecar-2.0.0-linux-x86_64.tar.gz");
    file("easyagent-sidecar-2.0.0-windows-x86_64.tar.gz");
    file("SHA256SUMS");
    file("easyagent-sidecar-2.0.0-linux-x86_64.tar.gz.sig");
    file("easyagent-sidecar-1.9.0-linux-x86_64.tar.gz.sig");

    SidecarArchives archives = read();

    assertEquals(Set.of("linux-x86_64"), archives.archives().keySet());
    ServedFile archive = archives.archives().get("linux-x86_64");
    assertEquals("easyagent-sidecar-2.0.0-linux-x86_64.tar.gz", archive.name());
    assertEquals(3, archive.size());
    assertEquals(OF_ABC, archive.sha256());
    assertEquals(OF_ABC, archives.script().orElseThrow().sha256());
  }

  @Test
  void withoutAFolderThereIsNothing() {
    assertEquals(Optional.empty(), SidecarArchives.in(Optional.empty()).script());
  }

  @Test
  void aFolderThatIsNotAsItShouldBeIsRefused() throws Exception {
    assertRefused("no install.sh (expected: the folder sidecar of the distribution)");
    file("install.sh");
    file("easyagent-sidecar-2.0.0-linux-aarch64.tar.gz");
    file("easyagent-sidecar-2.0.1-linux-aarch64.tar.gz");
    assertRefused("2 archives for linux-aarch64 (expected: one)");
  }

  private void assertRefused(String what) {
    String message = assertThrows(IllegalArgumentException.class, this::read).getMessage();
    assertEquals("sidecarArchives: " + folder + ": " + what, message);
  }

  @Test
  void whatChangedSinceTheStartIsNotServed() throws Exception {
    file("install.sh");
    ServedFile script = read().script().orElseThrow();
    Files.writeString(folder.resolve("install.sh"), "abcd");

    RefusedException opened = assertThrows(RefusedException.class, script::open);
    RefusedException digested = assertThrows(RefusedException.class, script::sha256);

    assertEquals(ErrorCode.UNAVAILABLE, opened.refusal().code());
    assertTrue(digested.getMessage().contains("restart the server"), digested.getMessage());
  }
}
