package io.easyagent.acceptance.walk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** An agent that the host already has, as a script that keeps the witness's file. */
record WalkedAgent(String name, Path program, Path witness) {

  static WalkedAgent make(Path folder, String name, Path witness) throws IOException {
    Path program = folder.resolve("agent.sh");
    if (!Files.exists(program)) {
      Files.writeString(program, Witness.AGENT_SCRIPT);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return new WalkedAgent(name, program, witness);
  }

  /**
   * @param setting the content of its configuration file
   */
  String definition(String setting) {
    return """
    name: %s
    type: service
    user: %s
    command: ["%s", "%s", "%s"]
    files:
      setting.txt: {content: "%s", apply: restart}
    ready: {command: [/usr/bin/test, -e, "%s.%s.pid"], timeout: 20s}
    restart: {policy: always, backoff: 100ms..1s}
    stop: {signal: TERM, grace: 20s}
    """
        .formatted(
            name, System.getProperty("user.name"), program, witness, name, setting, witness, name);
  }
}
