package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {
  private static Invocation parse(String line) {
    return Invocation.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  @Test
  void commandsAndTheirOptions() {
    assertEquals(new Invocation.Run(Optional.empty(), Map.of()), parse(""));
    assertEquals(
        new Invocation.Run(Optional.of(Path.of("s.yaml")), Map.of("hostPort", "1", "names", "n")),
        parse("--config s.yaml --host-port 1 --name n"));
    assertEquals(
        new Invocation.MakeBackup(
            Path.of("f"), Optional.empty(), Map.of("data", "d"), Optional.of(Path.of("-"))),
        parse("backup f --data d --passphrase-file -"));
    assertEquals(
        new Invocation.RestoreBackup(
            Path.of("f"), Optional.of(Path.of("d")), true, Optional.empty()),
        parse("restore --data d --replace f"));
    assertEquals(
        new Invocation.RestoreBackup(Path.of("f"), Optional.empty(), false, Optional.empty()),
        parse("restore f --check"));
    assertEquals(
        new Invocation.ShowStatus(Optional.empty(), Map.of("data", "d"), true),
        parse("status --data d -o json"));
    assertEquals(new Invocation.ShowHelp(), parse("backup --help"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup                  | no FILE (see: easyagent server --help)",
        "backup a b              | unknown option b (see: easyagent server --help)",
        "backup a --data         | --data: no value (see: easyagent server --help)",
        "backup a --replace      | unknown option --replace (see: easyagent server --help)",
        "restore a               | restore: no --data DIR (see: easyagent server --help)",
        "restore a --check --data d | restore: --data with --check (see: easyagent server --help)",
        "status -o xml           | -o: xml (expected: text or json)",
        "--hostport 1            | unknown option --hostport (see: easyagent server --help)",
        "backups a               | unknown command backups (expected: backup, restore, status, or"
            + " options; see: easyagent server --help)",
      })
  void refusesAndSaysWhatWasExpected(String line, String message) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> parse(line)).getMessage());
  }
}
