package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A user of this host, from its own file or from whatever its name service knows. */
record UserAccount(String name, int user, int group) {
  private static final Path FILE = Path.of("/etc/passwd");

  static Optional<UserAccount> find(String name) throws IOException {
    Optional<UserAccount> local = find(Files.readAllLines(FILE, StandardCharsets.UTF_8), name);
    return local.isPresent() ? local : askNameService(name);
  }

  static Optional<UserAccount> find(List<String> lines, String name) {
    return lines.stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= 4 && fields[0].equals(name))
        .filter(fields -> Arrays.stream(fields, 2, 4).allMatch(id -> id.matches("[0-9]{1,9}")))
        .map(fields ->
            new UserAccount(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
        .findFirst();
  }

  private static Optional<UserAccount> askNameService(String name) throws IOException {
    Optional<String> getent = HostPrograms.find("getent");
    if (getent.isEmpty()) {
      return Optional.empty();
    }
    Process process = new ProcessBuilder(getent.get(), "passwd", "--", name).start();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      byte[] answer = process.getInputStream().readNBytes(4096);
      return find(new String(answer, StandardCharsets.UTF_8).lines().toList(), name);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
