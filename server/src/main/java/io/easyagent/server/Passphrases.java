package io.easyagent.server;

import io.easyagent.server.backup.BackupException;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Where the passphrase of a backup comes from: a file, standard input, or a person. */
final class Passphrases {
  private static final int SHORTEST = 12;
  private static final int MOST_BYTES = 4096;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Optional<Path> file;
  private final InputStream input;

  /**
   * @param file whose first line it is; {@code -}: standard input; absent: a person is asked
   */
  Passphrases(Optional<Path> file, InputStream input) {
    this.file = file;
    this.input = input;
  }

  /** For a new backup: long enough, and typed twice. */
  char[] choose() throws BackupException {
    char[] passphrase = file.isPresent() ? read(file.get()) : ask("passphrase of the backup: ");
    if (passphrase.length < SHORTEST) {
      throw new BackupException(
          "passphrase: %d characters (expected: at least %d)"
              .formatted(passphrase.length, SHORTEST));
    }
    if (file.isEmpty() && !Arrays.equals(passphrase, ask("once more: "))) {
      throw new BackupException("passphrase: typed differently (expected: twice the same)");
    }
    return passphrase;
  }

  /** Of a backup that is there. */
  char[] recall() throws BackupException {
    return file.isPresent() ? read(file.get()) : ask("passphrase of the backup: ");
  }

  private static char[] ask(String prompt) throws BackupException {
    Console console = System.console();
    char[] answer = console == null ? null : console.readPassword("%s", prompt);
    if (answer == null) {
      throw new BackupException(
          "passphrase: nobody can be asked (expected: a terminal, or --passphrase-file FILE)");
    }
    return answer;
  }

  private char[] read(Path source) throws BackupException {
    try {
      if (source.toString().equals("-")) {
        return line(input.readNBytes(MOST_BYTES));
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(source);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new BackupException(
            "passphrase file %s: mode %s (expected: rw-------; others can read it)"
                .formatted(source, PosixFilePermissions.toString(permissions)));
      }
      try (InputStream bytes = Files.newInputStream(source)) {
        return line(bytes.readNBytes(MOST_BYTES));
      }
    } catch (CharacterCodingException notText) {
      throw new BackupException("passphrase file " + source + ": not UTF-8 text", notText);
    } catch (IOException failure) {
      throw new BackupException("passphrase file " + source + ": " + failure, failure);
    }
  }

  /** The first line, without what ends it. */
  private static char[] line(byte[] bytes) throws CharacterCodingException {
    CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    int end = 0;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    char[] line = new char[end];
    text.get(line);
    return line;
  }
}
