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
    boolean named = script.startsWith("#!");
    Path file = folders.script(task);
    disk.folder(folders.scripts(), 0711, own.uid(), own.gid());
    disk.create(file, bytes, named ? 0550 : 0440, user.gid());
    List<String> command = new ArrayList<>();
    if (!named) {
      command.add("/bin/sh");
    }
    command.add(file.toString());
    command.addAll(parameters);
    return command;
  }

  public void remove(UUID task) throws IOException {
    Files.deleteIfExists(folders.script(task));
  }
}
