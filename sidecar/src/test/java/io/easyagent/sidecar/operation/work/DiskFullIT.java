package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.prepare.ArchiveBuilder;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose disk is full: a small tmpfs, and so root is needed. */
class DiskFullIT {
  @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void mount() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.toString());
    host = new TestHost(folder);
  }

  @AfterEach
  void unmount() throws Exception {
    host.close();
    run("umount", folder.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), String.join(" ", command) + " (expected: run as root)");
  }

  private AgentDefinition definition(int unpackedBytes, String content) {
    byte[] archive =
        new ArchiveBuilder()
            .file("f/filebeat", "#!/bin/sh\n", 0755)
            .file("f/large", new byte[unpackedBytes])
            .tarGz();
    return SampleDefinitions.of(
        Optional.of(host.artifacts.add("filebeat", "1.0", archive)),
        List.of("{{package}}/filebeat"),
        List.of(
            new DefinedFile(
                "large.conf",
                0640,
                new DefinedFile.Apply.Restart(),
                Optional.empty(),
                new DefinedFile.Source.Content(content))),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aPackageThatDoesNotFitIsRefusedAndLeavesNothing() throws Exception {
    OperationResult result =
        host.run(
            host.start(), new Command.Install(TestHost.FILEBEAT, definition(2 << 20, ""), 1, true));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(
        result
            .message()
            .matches("package: filebeat@1.0 cannot be unpacked: disk full: .*free: \\d+ bytes\\)"),
        result.message());
    assertFalse(Files.exists(host.agent("filebeat").root()));
  }

  @Test
  void aFileThatDoesNotFitLeavesTheOldOneInForce() throws Exception {
    Operations operations = host.start();
    OperationResult installed =
        host.run(
            operations, new Command.Install(TestHost.FILEBEAT, definition(1000, "old"), 1, true));
    assertEquals(Outcome.SUCCEEDED, installed.outcome(), installed.message());
    OperationResult result =
        host.run(
            operations,
            new Command.Configure(TestHost.FILEBEAT, definition(1000, "x".repeat(600_000)), 2));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(
        result.message().matches("rendering the files: disk full: /.*free: \\d+ bytes\\)"),
        result.message());
    assertEquals("old", Files.readString(host.agent("filebeat").config().resolve("large.conf")));
    assertEquals(1, host.disk.state().agents().get(TestHost.FILEBEAT).revision());
  }
}
