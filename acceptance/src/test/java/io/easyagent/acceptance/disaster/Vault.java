package io.easyagent.acceptance.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.server.ServerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Backups as an operator makes them and puts them back: each a program of its own. */
final class Vault {
  private final Path folder;
  private final Path passphrase;

  Vault(Path folder) throws IOException {
    this.folder = folder;
    this.passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
  }

  Path backup(Path data, String name) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    run(0, "backup", file.toString(), "--data", data.toString());
    return file;
  }

  /** What it printed. */
  String restore(Path file, Path data, String... options) throws IOException, InterruptedException {
    String[] words = new String[4 + options.length];
    words[0] = "restore";
    words[1] = file.toString();
    words[2] = "--data";
    words[3] = data.toString();
    System.arraycopy(options, 0, words, 4, options.length);
    return run(0, words);
  }

  String run(int status, String... words) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "vault-", ".log");
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--passphrase-file";
    all[words.length + 1] = passphrase.toString();
    Jvm program = Jvm.start(ServerMain.class, log, Map.of(), all);
    assertEquals(status, program.awaitExit(), program::tail);
    return program.tail();
  }
}
