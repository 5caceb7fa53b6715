package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Shell scripts as files that only the user who runs them can read: an argument would be seen by
 * everybody on the host, and is bounded. A first line with {@code #!} names the interpreter, else
 * it is {@code /bin/sh}.
 */
public final class ScriptFiles {
  private static final String SHELL = "/bin/sh";
  private static final String NAMED = "#!";
  private static final int MOST_BYTES = 1 << 20;

  private final HostFolders folders;
  private final Disk disk;
  private final Account own;

  public ScriptFiles(HostFolders folders, Accounts accounts) {
    this.folders = folders;
    this.disk = Disk.of(accounts);
    this.own = accounts.own();
  }

  /**
   * @return the command that runs it
   */
  public List<String> write(UUID task, String script, List<String> parameters, Account user)
      throws PrepareException, IOException {
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new PrepareException(
          "script: " + bytes.length + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    boolean named = script.startsWith(NAMED);
    Path file = folders.script(task);
    disk.folder(folders.scripts(), 0711, own.uid(), own.gid());
    disk.create(file, bytes, named ? 0550 : 0440, user.gid());
    List<String> command = new ArrayList<>();
    if (!named) {
      command.add(SHELL);
    }
    command.add(file.toString());
    command.addAll(parameters);
    return command;
  }

  /** The program that reads a script: what its first line names, else the shell. */
  public static String interpreter(String script) {
    if (!script.startsWith(NAMED)) {
      return SHELL;
    }
    String line = script.lines().findFirst().orElse("").substring(NAMED.length()).strip();
    int end = 0;
    while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
      end++;
    }
    return line.substring(0, end);
  }

  public void remove(UUID task) throws IOException {
    Files.deleteIfExists(folders.script(task));
  }
}
